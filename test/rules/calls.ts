import { join } from 'path';
import {
  Duration, Size,
  aws_cloudwatch as cloudwatch, aws_ec2 as ec2, aws_efs as efs, aws_eks as eks, aws_eks_v2 as eksV2, aws_events as events, aws_fsx as fsx,
  aws_iam as iam,
  aws_kinesisfirehose as firehose,
  aws_kms as kms, aws_logs as logs, aws_s3 as s3, aws_s3_assets as assets, aws_secretsmanager as secretsmanager,
  aws_sns as sns, aws_ssm as ssm, aws_stepfunctions as sfn, type Stack,
} from 'aws-cdk-lib';
import * as library from '../../src';
import { ENUMS, SIGNATURES, STRUCTS, VALUES } from '../private/inputs/tables';

const ACCOUNT = '111122223333';
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const CLUSTER_ARN = arn('sagemaker', 'cluster/a1b2c3d4e5f6');
const BLOCK = 'cr-0123456789abcdef0';
const SCRIPT = join(__dirname, '..', 'pcs', 'scripts', 'hello.sh');
const USERS = join(__dirname, '..', 'pcs', 'accounting', 'users', 'team.csv');

/*
 * Calls of all that the API has, made of the tables of types that programs are held to at run time. A new property is in them by itself.
 */

/** The steps that lead to a value of a call: a parameter, members, `[]` and `{}` for what is in lists and maps, and factories. */
export type Path = readonly string[];

/** A place in a call where something can stand that isn't known at synthesis. */
export interface Place {
  /** The constructor, the factory or the method that is called: `pcs.Cluster new`. */
  readonly call: string;
  readonly path: Path;
  readonly type: string;
  readonly optional: boolean;
}

/** A parameter or a member. */
interface Member {
  readonly name: string;
  readonly mark: string;
  readonly type: string;
}

type Callable = (...args: unknown[]) => unknown;

const membersOf = (text: string): Member[] => text.split(' ').filter(Boolean).map(each => {
  const [, name, mark, type] = /^(\w+)([!?*])(.+)$/.exec(each)!;
  return { name, mark, type };
});
const elementOf = (type: string) => /^\[(.+)\]$/.exec(type)?.[1];
const valueOf = (type: string) => /^\{(.+)\}$/.exec(type)?.[1];
const linesOf = (name: string) => (SIGNATURES[name] ?? '').split('; ').filter(Boolean).map(line => {
  const [, kind, method, parameters = ''] = /^(?:(static) )?(\w+) ?(.*)$/.exec(line)!;
  return { isStatic: kind !== undefined, method, parameters: membersOf(parameters) };
});
const factoriesOf = (name: string) => linesOf(name).filter(line => line.isStatic && VALUES[name].split(' ').includes(`${line.method}()`));
const isValue = (type: string) => type in VALUES;
const find = (name: string) => name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], library) as Record<string, Callable>;

/** What aws-cdk-lib has deprecated. */
export const DEPRECATED = /ClusterNodes?(JsonPath|Jsonata)?Props\.(timeout|heartbeat)$/;

/** All places in all calls. Each member of a struct and each parameter of a factory is met once, wherever else it may stand. */
export function places(): Place[] {
  const seen = new Set<string>();
  const found: Place[] = [];
  const walk = (call: string, type: string, path: Path, optional: boolean): void => {
    const [element, value] = [elementOf(type), valueOf(type)];
    if (type === 'Construct' || type === 'IConstruct' || type === 'IDependable' || type in STRUCTS && STRUCTS[type] === '') { return; }
    found.push({ call, path, type, optional });
    if (element !== undefined) { walk(call, element, [...path, '[]'], false); }
    if (value !== undefined) { walk(call, value, [...path, '{}'], false); }
    if (type in STRUCTS) { each(call, type, membersOf(STRUCTS[type]), path); }
    if (isValue(type)) { factoriesOf(type).forEach(({ method, parameters }) => each(call, `${type}.${method}`, parameters, [...path, `.${method}()`])); }
  };
  const each = (call: string, owner: string, members: readonly Member[], path: Path) => {
    for (const { name, mark, type } of members) {
      const key = `${owner.replace(/Json(Path|ata)Props$/, 'Props')} ${name}`;
      if (seen.has(key) || DEPRECATED.test(`${owner}.${name}`)) { continue; }
      seen.add(key);
      walk(call, mark === '*' ? `[${type}]` : type, [...path, name], mark === '?');
    }
  };
  const names = Object.keys(SIGNATURES);
  // Values are met where constructs take them, and by themselves where none does.
  for (const name of [...names.filter(type => !isValue(type)), ...names.filter(isValue)]) {
    for (const { method, parameters } of linesOf(name)) {
      each(`${name} ${method}`, `${name}.${method}`, parameters.filter(parameter => parameter.type !== 'Construct' && parameter.name !== 'id'), []);
    }
  }
  return found;
}

/** Makes the calls. */
export class Caller {
  private made = 0;

  /**
   * @param target The place where something else stands.
   * @param other Makes it of what would stand there.
   */
  constructor(
    private readonly stack: Stack, private readonly target?: Place,
    private readonly other: (plain: () => unknown) => unknown = plain => plain(),
  ) {}

  /** Makes a call, and what it takes to be judged. */
  public call(): void {
    const [name, method] = this.target!.call.split(' ');
    const line = linesOf(name).find(each => each.method === method)!;
    const args = this.argumentsOf(`${name}.${method}`, line.parameters, []);
    const owner = find(name);
    let result: unknown;
    if (method === 'new') {
      result = Reflect.construct(owner as unknown as Callable, args);
    } else if (line.isStatic) {
      result = owner[method](...args);
    } else {
      const instance = this.instanceOf(name) as Record<string, Callable>;
      result = instance[method](...args);
    }
    this.complete(name, method, result);
  }

  /** What a construct needs so that all of it is judged. */
  private complete(name: string, method: string, result: unknown): void {
    if (name === 'pcs.Cluster' && method === 'new') {
      (result as library.pcs.Cluster).addComputeNodeGroup('Nodes', this.struct('pcs.ComputeNodeGroupOptions', [], true) as unknown as library.pcs.ComputeNodeGroupOptions);
    }
    if (name === 'hyperpod.Cluster' && method === 'new') { this.addGroups(result as library.hyperpod.Cluster); }
    if (result instanceof sfn.State) {
      new sfn.StateMachine(this.stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(result) });
    }
  }

  private get isSlurm(): boolean {
    return ['.slurm()', 'slurmNode'].some(step => this.target!.path.includes(step));
  }

  private addGroups(cluster: library.hyperpod.Cluster): void {
    const { Instances, InstanceType, SlurmNode } = library.hyperpod;
    const isScaled = this.target!.path.includes('autoScaling');
    const instances = Instances.ofType({ instanceType: InstanceType.P5_48XLARGE, count: isScaled ? 0 : 8 });
    if (this.isSlurm) {
      cluster.addInstanceGroup('head', { instances: Instances.ofType({ instanceType: InstanceType.M5_LARGE, count: 1 }), slurmNode: SlurmNode.controller() });
    }
    cluster.addInstanceGroup('more', { instances, ...this.isSlurm ? { slurmNode: SlurmNode.compute({ partitionName: 'main' }) } : {} });
    if (this.target!.path.includes('restrictedEnvironment')) {
      cluster.addRestrictedInstanceGroup('nova', { instanceType: InstanceType.P5_48XLARGE, instanceCount: 1 });
    }
  }

  private isTarget(path: Path): boolean {
    return this.target !== undefined && path.length === this.target.path.length && this.leadsOn(path);
  }

  /** Whether the place is at a path, or below it. */
  private leadsOn(path: Path): boolean {
    return this.target !== undefined && path.every((step, index) => this.target!.path[index] === step);
  }

  private argumentsOf(owner: string, parameters: readonly Member[], path: Path, isOff = false): unknown[] {
    return parameters.flatMap(({ name, mark, type }): unknown[] => {
      if (type === 'Construct') { return [this.stack]; }
      if (name === 'id' && type === 'string') { return [`Made${this.made++}`]; }
      const at = [...path, name];
      const wanted = !isOff && this.leadsOn(at);
      if (mark === '*') { return this.value(`[${type}]`, at, owner, isOff) as unknown[]; }
      if (mark === '?' && !wanted) { return [undefined]; }
      return [this.value(type, at, owner, isOff)];
    });
  }

  private struct(type: string, path: Path, isOff: boolean): Record<string, unknown> {
    const members = membersOf(STRUCTS[type]);
    const isWanted = ({ name }: Member) => !isOff && this.leadsOn([...path, name]);
    const companions = Object.entries(COMPANIONS[type] ?? {}).flatMap(([step, names]) => this.target?.path.includes(step) ? names : []);
    return Object.fromEntries(members
      .filter(member => member.mark === '!' || isWanted(member) || companions.includes(member.name) || ALWAYS.has(`${type}.${member.name}`))
      .map(member => [member.name, this.value(member.type, [...path, member.name], type, isOff)]));
  }

  private value(type: string, path: Path, owner: string, isOff: boolean): unknown {
    if (!isOff && this.isTarget(path)) { return this.other(() => this.plain(type, path, owner, true)); }
    return this.plain(type, path, owner, isOff || !this.leadsOn(path));
  }

  private plain(type: string, path: Path, owner: string, isOff: boolean): unknown {
    const name = path.at(-1)!;
    const [element, value] = [elementOf(type), valueOf(type)];
    const own = `${owner}.${name}`;
    if (own in OBJECTS) { return OBJECTS[own](this.stack, `Made${this.made++}`); }
    if (element !== undefined) { return [this.value(element, [...path, '[]'], own, isOff)]; }
    if (value !== undefined) { return { [KEYS[own] ?? KEYS[name] ?? 'a']: this.value(value, [...path, '{}'], own, isOff) }; }
    if (type in STRUCTS) { return this.struct(type, path, isOff); }
    if (isValue(type)) { return this.choice(type, path, own, isOff); }
    if (type in ENUMS) { return enumOf(type); }
    if (type in OBJECTS) { return OBJECTS[type](this.stack, `Made${this.made++}`); }
    const key = name === '[]' || name === '{}' ? owner : own;
    switch (type) {
      case 'string': return PLAIN[key] ?? PLAIN[key.split('.').at(-1)!] ?? 'text';
      case 'number': return PLAIN[key] ?? PLAIN[key.split('.').at(-1)!] ?? 1;
      case 'boolean': return PLAIN[key] ?? true;
      case 'any': return PLAIN[key] ?? 'text';
      default: return this.instanceOf(type);
    }
  }

  /** A value of ours: the one on the way, or a usual one. */
  private choice(type: string, path: Path, own: string, isOff: boolean): unknown {
    const step = this.target?.path[path.length];
    const factory = !isOff && step !== undefined ? /^\.(\w+)\(\)$/.exec(step)?.[1] : undefined;
    const usual = this.neededFor(type) ?? CHOICES[own] ?? CHOICES[type] ?? VALUES[type].split(' ')[0];
    const method = factory ?? /^(\w+)\(\)$/.exec(usual)?.[1];
    if (method === undefined) { return find(type)[usual]; }
    const parameters = factoriesOf(type).find(line => line.method === method)?.parameters ?? [];
    return find(type)[method](...this.argumentsOf(`${type}.${method}`, parameters, [...path, `.${method}()`], factory === undefined));
  }

  /** The choice without which what is tried has no meaning. */
  private neededFor(type: string): string | undefined {
    if (type === 'hyperpod.Orchestrator' && this.isSlurm) { return 'slurm()'; }
    return type === 'training_plans.Offering' && this.target!.path.includes('spareInstancesPerUltraServer') ? 'searchUltraServers()' : undefined;
  }

  /** An object of one of our classes. */
  private instanceOf(name: string): unknown {
    if (isValue(name)) { return this.choice(name, [], name, true); }
    const lines = linesOf(name);
    const line = lines.find(each => each.method === 'new') ?? lines.find(each => each.isStatic);
    if (!line) { throw new Error(`nothing makes a ${name}`); }
    const args = this.argumentsOf(`${name}.${line.method}`, line.parameters, ['(instance)'], true);
    const made = line.method === 'new' ? Reflect.construct(find(name) as unknown as Callable, args) : find(name)[line.method](...args);
    if (name === 'hyperpod.Cluster') { this.addGroups(made as library.hyperpod.Cluster); }
    return made;
  }
}

function enumOf(type: string): unknown {
  const [first] = ENUMS[type].split(' ');
  if (first.includes('=')) { return JSON.parse(first.slice(first.indexOf('=') + 1)); }
  return ENUM_VALUES[type];
}

type Make = (stack: Stack, id: string) => unknown;

const vpcOf: Make = (stack, id) => ec2.Vpc.fromVpcAttributes(stack, id, {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['us-east-1a'],
  privateSubnetIds: ['subnet-1111111111111111a'],
  privateSubnetRouteTableIds: ['rtb-1111111111111111a'],
});
const eksOf: Make = (stack, id) => eks.Cluster.fromClusterAttributes(stack, id, {
  clusterName: 'platform',
  clusterSecurityGroupId: 'sg-0123456789abcdef0',
  vpc: vpcOf(stack, `${id}Vpc`) as ec2.IVpc,
  kubectlRoleArn: arn('iam', 'role/kubectl').replace('us-east-1', ''),
  kubectlLayer: undefined,
});
const podOf: Make = (stack, id) => library.hyperpod.Cluster.fromClusterAttributes(stack, id, { clusterArn: CLUSTER_ARN, eksClusterName: 'platform' });
const slurmOf: Make = (stack, id) => library.pcs.Cluster.fromClusterAttributes(stack, id, {
  clusterArn: arn('pcs', 'cluster/pcs_abc123'),
  vpc: vpcOf(stack, `${id}Vpc`) as ec2.IVpc,
  securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, `${id}Group`, 'sg-0123456789abcdef0')],
  schedulerVersion: library.pcs.SlurmVersion.V26_05,
});
const planOf: Make = (stack, id) => library.training_plans.TrainingPlan.fromTrainingPlanName(stack, id, 'llm');
const keyOf: Make = (stack, id) => kms.Key.fromKeyArn(stack, id, arn('kms', 'key/12345678-1234-1234-1234-123456789012'));

/** Objects by their type or by where they stand. */
const OBJECTS: Readonly<Record<string, Make>> = {
  'Duration': () => Duration.days(1),
  'hyperpod.EksDependenciesProps.timeout': () => Duration.minutes(10),
  'hyperpod.EksV2DependenciesProps.timeout': () => Duration.minutes(10),
  'hyperpod.NodeRemediationProps.pollInterval': () => Duration.minutes(2),
  'hyperpod.NodeRepairRebootProps.pollInterval': () => Duration.minutes(1),
  'hyperpod.NodeRepairReplaceProps.pollInterval': () => Duration.minutes(1),
  'hyperpod.NodeRollout.waitBetweenBatches': () => Duration.minutes(10),
  'pcs.ClusterSlurmSettings.unkillableStepTimeout': () => Duration.minutes(2),
  'pcs.AccountUsageWatchProps.rate': () => Duration.minutes(5),
  'training_plans.TrainingPlanDashboardProps.rate': () => Duration.minutes(5),
  'training_plans.TrainingPlanWatchProps.rate': () => Duration.minutes(5),
  'Size': () => Size.gibibytes(100),
  'hyperpod.RestrictedLustreOptions.size': () => Size.gibibytes(1200),
  'aws_cloudwatch.IAlarmRef': (stack, id) => cloudwatch.Alarm.fromAlarmArn(stack, id, arn('cloudwatch', 'alarm:errors')),
  'aws_ec2.IKeyPairRef': (stack, id) => ec2.KeyPair.fromKeyPairName(stack, id, 'admin'),
  'aws_ec2.ILaunchTemplateRef': (stack, id) => ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, id, { launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '1' }),
  'aws_ec2.IMachineImage': () => ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef0' }, { userData: ec2.UserData.forLinux() }),
  'aws_ec2.IPlacementGroupRef': (stack, id) => ec2.PlacementGroup.fromPlacementGroupName(stack, id, 'together'),
  'aws_ec2.ISecurityGroup': (stack, id) => ec2.SecurityGroup.fromSecurityGroupId(stack, id, 'sg-0123456789abcdef0'),
  'aws_ec2.ISubnet': (stack, id) => ec2.Subnet.fromSubnetAttributes(stack, id, { subnetId: 'subnet-1111111111111111a', availabilityZone: 'us-east-1a' }),
  'aws_ec2.IVpc': vpcOf,
  'aws_ec2.InstanceType': () => new ec2.InstanceType('p5.48xlarge'),
  'aws_ec2.UserData': () => ec2.UserData.custom('#!/bin/bash\necho hello'),
  'aws_efs.IAccessPointRef': (stack, id) => efs.AccessPoint.fromAccessPointId(stack, id, 'fsap-0123456789abcdef0'),
  'aws_efs.IFileSystemRef': (stack, id) => efs.FileSystem.fromFileSystemAttributes(stack, id, {
    fileSystemId: 'fs-0123456789abcdef0', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, `${id}Group`, 'sg-0000000000000000a'),
  }),
  'aws_eks.IAddonRef': (stack, id) => eks.Addon.fromAddonAttributes(stack, id, { addonName: 'amazon-sagemaker-hyperpod-taskgovernance', clusterName: 'platform' }),
  'aws_eks.ICluster': eksOf,
  'aws_eks.IClusterRef': eksOf,
  'aws_eks_v2.ICluster': (stack, id) => eksV2.Cluster.fromClusterAttributes(stack, id, {
    clusterName: 'platform',
    kubectlProvider: eksV2.KubectlProvider.fromKubectlProviderAttributes(stack, `${id}Kubectl`, {
      serviceToken: arn('lambda', 'function:kubectl'), role: iam.Role.fromRoleName(stack, `${id}Role`, 'kubectl'),
    }),
  }),
  'aws_events.IEventBus': (stack, id) => events.EventBus.fromEventBusName(stack, id, 'ops'),
  'IConstruct': stack => stack,
  'IDependable': stack => stack,
  'aws_fsx.IFileSystem': (stack, id) => fsx.LustreFileSystem.fromLustreFileSystemAttributes(stack, id, {
    dnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com',
    fileSystemId: 'fs-0123456789abcdef0',
    securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, `${id}Group`, 'sg-0000000000000000a'),
  }),
  'aws_iam.IGrantable': (stack, id) => iam.Role.fromRoleName(stack, id, 'people'),
  'aws_iam.IInstanceProfileRef': (stack, id) => iam.InstanceProfile.fromInstanceProfileArn(stack, id, `arn:aws:iam::${ACCOUNT}:instance-profile/AWSPCS-nodes`),
  'aws_iam.IManagedPolicy': (stack, id) => iam.ManagedPolicy.fromManagedPolicyName(stack, id, 'boundary'),
  'aws_iam.IRole': (stack, id) => iam.Role.fromRoleArn(stack, id, `arn:aws:iam::${ACCOUNT}:role/AWSPCS-nodes`),
  'aws_kinesisfirehose.IDeliveryStreamRef': (stack, id) => firehose.DeliveryStream.fromDeliveryStreamArn(stack, id, arn('firehose', 'deliverystream/logs')),
  'aws_kms.IKey': keyOf,
  'aws_kms.IKeyRef': keyOf,
  'aws_logs.ILogGroupRef': (stack, id) => logs.LogGroup.fromLogGroupName(stack, id, '/aws/vendedlogs/pcs'),
  'aws_pcs.IClusterRef': slurmOf,
  'aws_pcs.IComputeNodeGroupRef': (stack, id) => library.pcs.ComputeNodeGroup.fromComputeNodeGroupAttributes(stack, id, {
    cluster: slurmOf(stack, `${id}Cluster`) as library.pcs.ICluster, computeNodeGroupId: 'pcs_def456',
  }),
  'aws_pcs.IQueueRef': (stack, id) => library.pcs.Queue.fromQueueArn(stack, id, arn('pcs', 'cluster/pcs_abc123/queue/pcs_ghi789')),
  'aws_s3.IBucket': (stack, id) => s3.Bucket.fromBucketName(stack, id, 'sagemaker-files'),
  'aws_s3.IBucketRef': (stack, id) => s3.Bucket.fromBucketName(stack, id, 'sagemaker-files'),
  'aws_s3_assets.Asset': (stack, id) => new assets.Asset(stack, id, { path: SCRIPT }),
  'aws_sagemaker.IClusterRef': podOf,
  'aws_secretsmanager.ISecretRef': (stack, id) => secretsmanager.Secret.fromSecretNameV2(stack, id, 'directory'),
  'aws_secretsmanager.ISecret': (stack, id) => secretsmanager.Secret.fromSecretNameV2(stack, id, 'slurm'),
  'aws_sns.ITopic': (stack, id) => sns.Topic.fromTopicArn(stack, id, arn('sns', 'ops')),
  'aws_sns.ITopicRef': (stack, id) => sns.Topic.fromTopicArn(stack, id, arn('sns', 'ops')),
  'aws_ssm.IStringParameter': (stack, id) => ssm.StringParameter.fromStringParameterName(stack, id, '/nodes'),
  'aws_stepfunctions.Timeout': () => sfn.Timeout.duration(Duration.minutes(5)),
  'hyperpod.ICluster': podOf,
  'hyperpod.IClusterSchedulerConfigRef': (stack, id) => library.hyperpod.ClusterSchedulerConfig.fromClusterSchedulerConfigId(stack, id, 'abcdefghijkl'),
  'hyperpod.IComputeQuotaRef': (stack, id) => library.hyperpod.ComputeQuota.fromComputeQuotaId(stack, id, 'abcdefghijkl'),
  'pcs.ICluster': slurmOf,
  'pcs.ISlurmAccount': (stack, id) => library.pcs.SlurmAccount.fromAccountName(stack, id, 'research'),
  'pcs.ISlurmQos': (stack, id) => library.pcs.SlurmQos.fromQosName(stack, id, 'high'),
  'capacity_blocks.ICapacityBlockRef': (stack, id) => library.capacity_blocks.CapacityBlock.fromCapacityReservationId(stack, id, BLOCK),
  'training_plans.ITrainingPlanRef': planOf,
};

/** Members of enums of aws-cdk-lib. */
const ENUM_VALUES: Readonly<Record<string, unknown>> = {
  'RemovalPolicy': 'destroy',
  'aws_ec2.EbsDeviceVolumeType': 'gp3',
  'aws_ec2.InstanceArchitecture': 'x86_64',
  'aws_logs.RetentionDays': 30,
  'aws_ssm.ParameterTier': 'Standard',
  'aws_stepfunctions.IntegrationPattern': 'REQUEST_RESPONSE',
  'aws_stepfunctions.QueryLanguage': 'JSONPath',
};

/** The constants and factories that are taken, where the first isn't. */
const CHOICES: Readonly<Record<string, string>> = {
  'hyperpod.InstanceType': 'P5_48XLARGE',
  'hyperpod.LifecycleScripts': 'none()',
  'hyperpod.PartitionProfile': 'MIG_1G_10GB',
  'pcs.LogOutputFormat': 'JSON',
  'pcs.ScriptSource': 'fromUrl()',
  'pcs.SlurmVersion': 'V26_05',
  'training_plans.PlanInstanceType': 'P5_48XLARGE',
  'training_plans.TrainingJobFallback.instanceType': 'P5EN_48XLARGE',
};

/** Keys of maps, where a rule is about them. */
const KEYS: Readonly<Record<string, string>> = {
  'tresBillingWeights': 'CPU',
  ...Object.fromEntries(['pcs.SlurmAccountLimits', 'pcs.SlurmQosLimits'].flatMap(type => membersOf(STRUCTS[type])
    .filter(member => member.type === '{number}').map(({ name }) => [`${type}.${name}`, 'gres/gpu']))),
  'pcs.SlurmAccountLimits.custom': 'GrpTRESMins',
  'pcs.SlurmQosLimits.custom': 'GrpTRESMins',
};

/** Texts and numbers by the name of their property. */
const PLAIN: Readonly<Record<string, unknown>> = {
  'actions': 'sagemaker:ListTags',
  'amount': '120000.00',
  'accountingStorageTres': 'gres/gpu',
  'availabilityZone': 'us-east-1a',
  'availabilityZones': 'us-east-1a',
  'account': ACCOUNT,
  'autoDetect': 'nvml',
  'capacityReservationArn': arn('ec2', `capacity-reservation/${BLOCK}`),
  'capacityReservationId': BLOCK,
  'checksum': 'a'.repeat(64),
  'clusterArn': CLUSTER_ARN,
  'clusterSchedulerConfigArn': arn('sagemaker', 'cluster-scheduler-config/abcdefghijkl'),
  'clusterSchedulerConfigId': 'abcdefghijkl',
  'computeNodeGroupArn': arn('pcs', 'cluster/pcs_abc123/computenodegroup/pcs_def456'),
  'computeNodeGroupId': 'pcs_def456',
  'computeQuotaArn': arn('sagemaker', 'compute-quota/abcdefghijkl'),
  'computeQuotaId': 'abcdefghijkl',
  'createdAfter': '2026-11-22T08:00:00Z',
  'createdBefore': '2026-11-23T08:00:00Z',
  'currencyCode': 'USD',
  'databaseName': 'slurm',
  'defaultTime': 60,
  'dnsName': 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com',
  'endBefore': '2027-01-01T00:00:00Z',
  'endpoint': 'db.internal',
  'endAfter': '2027-01-01T00:00:00Z',
  'entryPoint': 'on_create.sh',
  'expression': '{% $states.input.ids %}',
  'extendTo': '2027-01-01T00:00:00Z',
  'fileName': 'mount-fsx-lustre-v1-latest.sh',
  'fieldDelimiter': '|',
  'fromPort': 60001,
  'hyperpod.LifecycleScripts.fromAsset.path': join(__dirname, '..', 'hyperpod', 'lifecycle-scripts'),
  'hyperpod.NodeList.fromJsonPathAt.path': '$.ids',
  'hyperpod.NodeList.of.ids': 'i-0123456789abcdef0',
  'perUnitStorageThroughput': 125,
  'imageId': 'ami-0123456789abcdef0',
  'imageReleaseVersion': '1.2.3',
  'instanceMemoryPercent': 20,
  'inputPath': '$.input',
  'instanceId': 'i-0123456789abcdef0',
  'instanceProfileName': 'AWSPCS-nodes',
  'instanceProfilePath': '/nodes/',
  'links': '0,-1',
  'mountName': 'abcdefgh',
  'mountPath': '/fsx',
  'name': 'high',
  'networkCardIndex': 0,
  'deviceIndex': 0,
  'objectKey': 'files/nodes.json',
  'outputPath': '$.output',
  'overSubscribe': 'NO',
  'ownershipKey': 'own',
  'path': '/aws-pcs/',
  'pcs.AccountUsers.fromAsset.path': USERS,
  'pcs.AccountingEnforcement.of.value': 'limits',
  'pcs.SlurmAccountLimits.custom': 'cpu=600',
  'pcs.SlurmQosLimits.custom': 'cpu=600',
  'pcs.ClusterProps.clusterName': 'slurm',
  'pcs.ClusterAttributes.clusterArn': arn('pcs', 'cluster/pcs_abc123'),
  'pcs.Cluster.fromClusterArn.clusterArn': arn('pcs', 'cluster/pcs_abc123'),
  'clusterIdentifier': 'pcs_abc123',
  'computeNodeGroupIdentifier': 'pcs_def456',
  'pcs.GresRecord.cores': '0-3',
  'pcs.GresRecord.file': '/dev/nvidia0',
  'pcs.GresRecord.multipleFiles': '/dev/nvidia0',
  'pcs.GresRecord.name': 'gpu',
  'pcs.ScriptSource.fromAsset.path': SCRIPT,
  'pcs.MaintainedScriptVersion.of.value': '1.1.0',
  'directoryMode': '1777',
  'homeBase': '/home',
  'junctionPath': '/vol1',
  'ldapUri': 'ldaps://directory.example.com',
  'mountPoint': '/shared',
  'searchBase': 'dc=example,dc=com',
  'volumePath': '/fsx/vol1',
  'url': 'https://example.com/a.sh',
  'port': 3306,
  'preemptMode': 'REQUEUE',
  'privateData': 'jobs',
  'prologFlags': 'Alloc',
  'prolog': '/opt/prolog.sh',
  'epilog': '/opt/epilog.sh',
  'queueArn': arn('pcs', 'cluster/pcs_abc123/queue/pcs_ghi789'),
  'queueId': 'pcs_ghi789',
  'region': 'us-east-1',
  'resourceGroupArn': arn('resource-groups', 'group/blocks'),
  'resultPath': '$.result',
  'resultSelector': '$.x',
  'rootDeviceName': '/dev/xvda',
  'schedule': 'cron(0 2 ? * SUN *)',
  'selectTypeParameters': 'CR_CPU',
  'start': '22:30',
  'startAfter': '2026-12-01T00:00:00Z',
  'strategy': 'LendAndBorrow',
  'toPort': 63000,
  'trainingPlanArn': arn('sagemaker', 'training-plan/llm'),
  'purchaseName': 'llm',
  'trainingPlanName': 'llm',
  'trainingPlanOfferingId': 'tpo-0123456789abcdef',
  'training_plans.UltraServerType.of.value': 'ml.u-p6e-gb200x72',
  'training_plans.PlanInstanceType.of.value': 'ml.p5.48xlarge',
  'hyperpod.InstanceType.of.value': 'ml.p5.48xlarge',
  'values': 'text',
  'version': '1',
  'weight': 10,
};

/** Properties that are given where another one, or what is in it, is tried. */
const COMPANIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'hyperpod.ClusterProps': {
    ...Object.fromEntries(['accountingDatabase', 'autoScaling', '.flexible()', 'minCount'].map(step => [step, ['nodeProvisioningMode']])),
  },
  'HandlerOptions': { securityGroups: ['vpc'] },
  ...Object.fromEntries(['pcs.SlurmAccountProps', 'pcs.SlurmAccountOptions'].map(type => [
    type, { defaultAccountOf: ['users'], userBudget: ['users'], userLimits: ['users'], custom: ['budget'] },
  ])),
  ...Object.fromEntries(['pcs.SlurmQosProps', 'pcs.SlurmQosOptions'].map(type => [type, { custom: ['budget'], flags: ['budget'] }])),
};

/** Optional properties that are always given. */
const ALWAYS: ReadonlySet<string> = new Set([
  'hyperpod.ClusterProps.vpc', 'hyperpod.ClusterProps.lifecycleScripts', 'hyperpod.RebootClusterNodesProps.nodeIds', 'hyperpod.ReplaceClusterNodesProps.nodeIds',
  'hyperpod.RebootClusterNodesJsonPathProps.nodeIds', 'hyperpod.RebootClusterNodesJsonataProps.nodeIds', 'hyperpod.ReplaceClusterNodesJsonPathProps.nodeIds',
  'hyperpod.ReplaceClusterNodesJsonataProps.nodeIds', 'hyperpod.NodeRollout.maxBatch', 'hyperpod.ComputeAmount.vcpus',
  'pcs.QueueProps.computeNodeGroups', 'pcs.QueueOptions.computeNodeGroups', 'pcs.GresRecord.name', 'pcs.GresRecord.file', 'pcs.NetworkCard.deviceIndex',
  'hyperpod.RestrictedSharedEnvironment.lustre', 'pcs.LustreStorageOptions.mountName', 'pcs.ClusterProps.accounting', 'pcs.ClusterProps.slurmRest',
]);
