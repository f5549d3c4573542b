import { PlanWatch } from './handler';
import { trainingPlanReader } from '../../clients/training-plan-reader';

const watch = new PlanWatch(trainingPlanReader(), line => process.stdout.write(`${line}\n`));

export const handler = watch.handle.bind(watch);
