import { PlanWatch } from './handler';
import { sagemakerReader } from '../../clients/sagemaker';

const watch = new PlanWatch(sagemakerReader(), line => process.stdout.write(`${line}\n`));

export const handler = watch.handle.bind(watch);
