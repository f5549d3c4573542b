import { Stage } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { isElsewhere, resourcesIn } from '../../private/places';
import type { Problems } from '../../private/problems';

/** Refuses a cluster, or a part of one, that the service doesn't know where it is used, or that is made in another stage. */
export function checkPlace(problems: Problems, property: string, used: IEnvironmentAware, user: IConstruct): void {
  if (isElsewhere(used.env, user)) { problems.add(RULES.clusterElsewhere, { property, got: used.env }); }
  const { clusterRef, computeNodeGroupRef } = used as Partial<pcs.IClusterRef & pcs.IComputeNodeGroupRef>;
  const made = resourcesIn(clusterRef?.clusterArn ?? computeNodeGroupRef?.computeNodeGroupArn ?? '');
  const elsewhere = made.find(resource => Stage.of(resource) !== Stage.of(user));
  if (elsewhere) { problems.add(RULES.clusterOfOtherStage, { property, got: elsewhere.node.path }); }
}
