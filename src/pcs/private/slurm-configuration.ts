import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { ClusterSettings } from './cluster-plan';
import { renderSettings } from './settings';
import type { ClusterProps } from '../vocabulary/cluster-props';

/** The configuration of Slurm as CloudFormation takes it. Undefined where all of it is left to the service. */
export function slurmConfigurationOf(
  props: ClusterProps, settings: ClusterSettings,
): pcs.CfnCluster.SlurmConfigurationProperty | undefined {
  const configuration = {
    accounting: props.accounting === undefined ? undefined : {
      mode: props.accounting.value,
      defaultPurgeTimeInDays: props.accounting.retention?.toDays(),
    },
    slurmRest: props.slurmRest === undefined ? undefined : { mode: props.slurmRest.value },
    scaleDownIdleTimeInSeconds: props.scaleDownIdleTime?.toSeconds(),
    slurmCustomSettings: renderSettings(settings.slurm),
    slurmdbdCustomSettings: renderSettings(settings.slurmdbd),
    cgroupCustomSettings: renderSettings(settings.cgroup),
  };
  return Object.values(configuration).every(value => value === undefined) ? undefined : configuration;
}
