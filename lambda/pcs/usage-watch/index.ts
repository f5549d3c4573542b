import { UsageWatch } from './handler';
import { slurmAccess } from '../slurm-access';

const watch = new UsageWatch(slurmAccess(), line => process.stdout.write(`${line}\n`));

export const handler = watch.handle.bind(watch);
