import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { isElsewhere } from '../../private/places';
import type { Problems } from '../../private/problems';

/** Refuses a cluster, or a part of one, that the service doesn't know where it is used. */
export function checkPlace(problems: Problems, property: string, used: IEnvironmentAware, user: IConstruct): void {
  if (isElsewhere(used.env, user)) { problems.add(RULES.clusterElsewhere, { property, got: used.env }); }
}
