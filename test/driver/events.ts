import { createHash } from 'node:crypto';

/** A stack and a custom resource in it. */
export interface Target {
  /** @default 'Stack' */
  readonly stackName?: string;
  /** A stack that is made again has the same name and another id. @default 0 */
  readonly incarnation?: number;
  /** @default 'PlanDAF4E53A' */
  readonly logicalId?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** @default '111122223333' */
  readonly account?: string;
  /** @default 'aws' */
  readonly partition?: string;
  /** @default 'Custom::HpcTrainingPlansLookup' */
  readonly resourceType?: string;
}

/** A request to a custom resource, as CloudFormation sends it. */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceProperties: Record<string, unknown>;
  readonly OldResourceProperties?: Record<string, unknown>;
}

/** Makes the events of one custom resource: the same ids in every run, a new RequestId for each. */
export class EventMaker {
  public readonly stackId: string;
  private readonly target: Required<Target>;
  private count = 0;

  public constructor(target: Target = {}) {
    this.target = {
      stackName: 'Stack',
      incarnation: 0,
      logicalId: 'PlanDAF4E53A',
      region: 'us-east-1',
      account: '111122223333',
      partition: 'aws',
      resourceType: 'Custom::HpcTrainingPlansLookup',
      ...target,
    };
    const { partition, region, account, stackName, incarnation } = this.target;
    this.stackId = `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/${uuid(`${stackName} ${incarnation}`)}`;
  }

  public create(properties: object): CustomResourceEvent {
    return this.event('Create', properties);
  }

  public update(physicalId: string, properties: object, old: object): CustomResourceEvent {
    return { ...this.event('Update', properties), PhysicalResourceId: physicalId, OldResourceProperties: this.properties(old) };
  }

  public delete(physicalId: string, properties: object): CustomResourceEvent {
    return { ...this.event('Delete', properties), PhysicalResourceId: physicalId };
  }

  private event(type: CustomResourceEvent['RequestType'], properties: object): CustomResourceEvent {
    const requestId = uuid(`${this.stackId} ${this.target.logicalId} ${++this.count}`);
    return {
      RequestType: type,
      ServiceToken: this.serviceToken,
      ResponseURL: this.responseUrl(requestId),
      StackId: this.stackId,
      RequestId: requestId,
      LogicalResourceId: this.target.logicalId,
      ResourceType: this.target.resourceType,
      ResourceProperties: this.properties(properties),
    };
  }

  private get serviceToken(): string {
    const { partition, region, account, stackName } = this.target;
    return `arn:${partition}:lambda:${region}:${account}:function:${stackName}-CdkHpcClustersTrainingPlansLookupFunctionCC923E3A-aBcDeFgHiJkL`;
  }

  /** A presigned URL of the bucket that CloudFormation keeps for answers. Whoever has it can answer in our name. */
  private responseUrl(requestId: string): string {
    const { region, logicalId } = this.target;
    const bucket = `cloudformation-custom-resource-response-${region.replace(/-/g, '')}.s3.${region}.amazonaws.com`;
    const signature = createHash('sha256').update(`signature ${requestId}`).digest('hex');
    const key = encodeURIComponent(`${this.stackId}|${logicalId}|${requestId}`);
    return `https://${bucket}/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261122T000000Z&X-Amz-SignedHeaders=host`
      + `&X-Amz-Expires=7200&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122%2F${region}%2Fs3%2Faws4_request&X-Amz-Signature=${signature}`;
  }

  private properties(properties: object): Record<string, unknown> {
    return { ServiceToken: this.serviceToken, ...stringified(properties) as object };
  }
}

/** CloudFormation hands every number and boolean over as text, at any depth. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(stringified); }
  if (typeof value === 'object' && value !== null) {
    const given = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(given.map(([key, part]) => [key, stringified(part)]));
  }
  return String(value);
}

function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
