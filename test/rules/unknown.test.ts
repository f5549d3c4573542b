import {
  App, Aws, Duration, Fn, Lazy, Size, Stack, Token,
  aws_ec2 as ec2, aws_eks as eks, aws_iam as iam, aws_kms as kms, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_sns as sns,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import { Caller, DEPRECATED, places, type Place } from './calls';
import { SUBMODULES } from './catalogue';
import * as library from '../../src';
import { RULES as HANDLERS } from '../../src/private/handlers/rules';
import { RULES as VALUES } from '../../src/private/inputs/rules';
import { STRUCTS } from '../private/inputs/tables';

/*
 * Each property of the API gets what isn't known at synthesis: tokens, lists of tokens, intrinsic functions, what stands for a value until
 * the CLI has looked it up, and null. No rule may speak of it that doesn't speak of a usual value.
 */

/** What stands in the place of a usual value, which it may want to see. */
type Stranger = (stack: Stack, plain: () => unknown) => unknown;

const imported = () => Fn.importValue('of-another-stack');
const writtenOut = { 'Fn::If': ['InProduction', { 'Fn::ImportValue': 'of-another-stack' }, { Ref: 'AWS::NoValue' }] };
const vpcByTokens = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'ImportedVpc', {
  vpcId: imported(), availabilityZones: Fn.getAzs(), privateSubnetIds: Fn.split(',', imported()), privateSubnetRouteTableIds: Fn.split(',', imported()),
});

const TEXTS: Record<string, Stranger> = {
  'an import': imported,
  'a lazy value': (_, plain) => Lazy.string({ produce: () => plain() as string }),
  'a text around an import': () => `a-${imported()}`,
  'an intrinsic function that is written out': () => writtenOut,
  'a parameter that is yet to be looked up': stack => ssm.StringParameter.valueFromLookup(stack, '/yet/to/be/looked/up'),
};
const NUMBERS: Record<string, Stranger> = {
  'an import': () => Token.asNumber(imported()),
  'a lazy value': (_, plain) => Lazy.number({ produce: () => plain() as number }),
  'an intrinsic function that is written out': () => writtenOut,
};
const LISTS_OF_TEXTS: Record<string, Stranger> = {
  'an imported list': () => Fn.split(',', imported()),
  'a lazy list': (_, plain) => Lazy.list({ produce: () => plain() as string[] }),
  'an intrinsic function that is written out': () => writtenOut,
};
const OBJECTS: Record<string, Record<string, Stranger>> = {
  'Duration': { 'a token': () => tokenIn(['seconds', 'minutes', 'hours', 'days'], unit => Duration[unit](Token.asNumber(imported()))) },
  'Size': { 'a token': () => tokenIn(['gibibytes', 'mebibytes', 'tebibytes'], unit => Size[unit](Token.asNumber(imported()))) },
  'aws_ec2.IMachineImage': { 'a look-up': () => ec2.MachineImage.lookup({ name: 'hpc-*' }) },
  'aws_ec2.ISecurityGroup': {
    'an import by a token': stack => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Imported', imported()),
    'a look-up': stack => ec2.SecurityGroup.fromLookupById(stack, 'LookedUp', 'sg-0123456789abcdef0'),
  },
  'aws_ec2.ISubnet': { 'an import by a token': stack => ec2.Subnet.fromSubnetAttributes(stack, 'Imported', { subnetId: imported(), availabilityZone: imported() }) },
  'aws_ec2.IVpc': { 'an import by tokens': vpcByTokens, 'a look-up': stack => ec2.Vpc.fromLookup(stack, 'LookedUp', { vpcName: 'shared' }) },
  'aws_ec2.InstanceType': { 'a token': () => new ec2.InstanceType(imported()) },
  'aws_ec2.UserData': { 'parts by Fn::Sub': () => ec2.UserData.custom(Fn.sub('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/bash\necho ${AWS::Region}\n--x--\n')) },
  'aws_eks.IClusterRef': { 'an import by a token': stack => eks.Cluster.fromClusterAttributes(stack, 'Imported', { clusterName: imported(), clusterSecurityGroupId: imported() }) },
  'aws_iam.IRole': {
    'an import by a token': stack => iam.Role.fromRoleArn(stack, 'Imported', imported()),
    'a look-up': stack => iam.Role.fromLookup(stack, 'LookedUp', { roleName: 'nodes' }),
  },
  'aws_kms.IKey': { 'an import by a token': stack => kms.Key.fromKeyArn(stack, 'Imported', Fn.join('', [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/`, imported()])), 'a look-up': stack => kms.Key.fromLookup(stack, 'LookedUp', { aliasName: 'alias/nodes' }) },
  'aws_s3.IBucket': { 'an import by a token': stack => s3.Bucket.fromBucketName(stack, 'Imported', imported()), 'an import by an ARN that is a token': stack => s3.Bucket.fromBucketArn(stack, 'Imported', imported()) },
  'aws_secretsmanager.ISecret': { 'an import by a token': stack => secretsmanager.Secret.fromSecretCompleteArn(stack, 'Imported', imported()) },
  'aws_sns.ITopic': { 'an import by a token': stack => sns.Topic.fromTopicArn(stack, 'Imported', imported()) },
  'hyperpod.ICluster': { 'an import by a token': stack => library.hyperpod.Cluster.fromClusterAttributes(stack, 'Imported', { clusterArn: imported(), eksClusterName: imported() }) },
  'pcs.ICluster': {
    'an import by a token': stack => library.pcs.Cluster.fromClusterAttributes(stack, 'Imported', {
      clusterArn: imported(), vpc: vpcByTokens(stack), securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ImportedGroup', imported())],
    }),
  },
  'pcs.ISlurmAccount': { 'an import by a token': stack => library.pcs.SlurmAccount.fromAccountName(stack, 'Imported', imported()) },
  'pcs.ISlurmQos': { 'an import by a token': stack => library.pcs.SlurmQos.fromQosName(stack, 'Imported', imported()) },
  'training_plans.ITrainingPlanRef': { 'an import by a token': stack => library.training_plans.TrainingPlan.fromTrainingPlanArn(stack, 'Imported', imported()) },
};
const SAME: Record<string, string> = {
  'aws_kms.IKeyRef': 'aws_kms.IKey',
  'aws_s3.IBucketRef': 'aws_s3.IBucket',
  'aws_sns.ITopicRef': 'aws_sns.ITopic',
  'aws_sagemaker.IClusterRef': 'hyperpod.ICluster',
  'aws_pcs.IClusterRef': 'pcs.ICluster',
};

/** A length or a size that is a token, in the first unit that aws-cdk-lib can render there: it converts none. */
function tokenIn<U extends string>(units: readonly U[], make: (unit: U) => unknown): unknown {
  return make(units[attempt % units.length]);
}
let attempt = 0;

/** Those that can stand at a place. In nightly, all of them; else one, in turn, since each costs a synthesis. */
function strangersAt({ type, optional }: Place, turn: number): [string, Stranger][] {
  const others = type === 'string' ? TEXTS : type === 'number' ? NUMBERS : type === '[string]' ? LISTS_OF_TEXTS : OBJECTS[SAME[type] ?? type] ?? {};
  const all = Object.entries<Stranger>(optional ? { ...others, null: () => null } : others);
  return process.env.UNKNOWN_VALUES === 'all' || all.length === 0 ? all : [all[turn % all.length]];
}

const ALL = [...SUBMODULES.map(({ rules }) => rules), HANDLERS, VALUES].flatMap(rules => Object.values(rules));
const RULES = new Map(ALL.map(rule => [rule.id, rule]));

interface Said {
  /** The ids of rules that spoke, or the text of an error that is none of ours. */
  readonly ids: string[];
  readonly failed: boolean;
}

function judge(place: Place, stranger?: Stranger): Said {
  const stack = new Stack(new App({ analyticsReporting: false, treeMetadata: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const ids: string[] = [];
  let failed = false;
  try {
    new Caller(stack, place, stranger && (plain => stranger(stack, plain))).call();
    (stack.node.root as App).synth();
  } catch (error) {
    const { message } = error as Error;
    const coded = [...message.matchAll(/\[(\w+\.\w+)\] /g)].map(([, id]) => id);
    ids.push(...coded.length > 0 ? coded : [message]);
    failed = true;
  }
  for (const { type, data } of stack.node.findAll().flatMap(construct => construct.node.metadata)) {
    const id = type === 'aws:cdk:warning' ? /\[ack: cdk-hpc-clusters:([\w.]+)\]/.exec(String(data))?.[1] : undefined;
    if (id !== undefined) { ids.push(id); }
  }
  return { ids, failed };
}

/** What is said of a stranger, in a unit that aws-cdk-lib takes. */
function judgeInEachUnit(place: Place, stranger: Stranger): Said {
  for (attempt = 0; ; attempt++) {
    const said = judge(place, stranger);
    if (attempt === 3 || !said.ids.some(text => text.includes('must be specified as'))) { return said; }
  }
}

/** Why something is said of what isn't known at synthesis, where the rule doesn't say itself that the value must be known. */
const REASONS: readonly [RegExp, string, string][] = [
  [/\.fromAsset\(\)\.path$/, 'lifecycleScriptMissing|lifecycleScriptFile|usersFile', 'the files are read at synthesis'],
  [/fromJsonPathAt\(\)\.path$/, 'Data JSON path', 'a path begins with a dollar, whatever follows'],
  [/AccountUsageWatch metric: options\.period$/, '\'period\' must be', 'aws-cdk-lib has no metrics whose period isn\'t known'],
  [/\.stage\.of\(\)\.value$/, 'is used as the key in a map', 'it names a property of the template'],
  [/\.(instanceTypes\.\[\]|instanceType)$/, 'pcs.imageArchitectureUnknown', 'the image of an architecture has to be chosen at synthesis, and the message names `architecture`'],
  [/(\.vpc|(Compute|Login)NodeGroup new: props\.cluster)$/, 'pcs.efaSubnetList', 'a warning about what a list of subnets may hold'],
];

const isReasoned = (name: string, id: string) => RULES.get(id)?.rule.includes('at synthesis')
  || REASONS.some(([where, what]) => where.test(name) && new RegExp(what).test(id));

const named = ({ call, path }: Place) => `${call}: ${path.join('.').replace(/\.\./g, '.')}`;
const byClass = new Map<string, [Place, number][]>();
places().forEach((place, turn) => {
  const [name] = place.call.split(' ');
  byClass.set(name, [...byClass.get(name) ?? [], [place, turn]]);
});

test('calls of all classes are made, with all that they take', () => {
  const taken = new Set(places().flatMap(({ path }) => path));
  const ofOthers = (type: string) => STRUCTS[type] === '' || ['IConstruct', '[IConstruct]', '[IDependable]'].includes(type);
  const missing = Object.entries(STRUCTS).flatMap(([owner, text]) => text.split(' ').filter(Boolean).map(each => /^(\w+)[!?*](.+)$/.exec(each)!)
    .filter(([, name, type]) => !taken.has(name) && !ofOthers(type) && !DEPRECATED.test(`${owner}.${name}`)).map(([, name]) => `${owner}.${name}`));
  expect(missing).toEqual([]);
  expect(byClass.size).toBeGreaterThan(40);
});

test.each([...byClass])('no rule speaks of what isn\'t known yet: %s', (_name, all) => {
  const false_: string[] = [];
  for (const [place, turn] of all) {
    for (const [stranger, make] of strangersAt(place, turn)) {
      const said = judgeInEachUnit(place, make);
      if (said.ids.length === 0) { continue; }
      const usual = judge(place, stranger === 'null' ? () => undefined : undefined);
      const fresh = said.ids.filter(id => !usual.ids.includes(id) && !isReasoned(named(place), id));
      if (usual.failed && stranger !== 'null' && !/NodeRepair.*fromJsonata/.test(named(place))) { // the states of a repair are of JSONPath
        false_.push(`${named(place)}: the usual value is refused: ${usual.ids.join(' | ')}`);
      }
      if (fresh.length > 0) { false_.push(`${named(place)}, ${stranger}: ${fresh.join(' | ')}`); }
    }
  }
  expect(false_).toEqual([]);
}, 300_000);
