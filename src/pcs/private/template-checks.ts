import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { adviseCards, adviseEfaSubnets, type WrittenInterface } from './efa-cards';
import { checkCores } from './launch-checks';
import type { NodeGroupPlan } from './node-group-plan';
import { RULES } from './rules';
import { METADATA_TAG_LIMITS } from './tags';
import { judgeTemplateUserData, judgeUserData } from './user-data';
import { fits } from '../../private/contracts/forms';
import { describe, isConcrete, isIntrinsic, warn, type Finding, type Problems } from '../../private/problems';
import { fragmentOf } from '../../private/rendered';
import type { Rule } from '../../private/rule';
import type { LaunchChoice } from '../vocabulary/node-launch';

type TemplateChoice = Extract<LaunchChoice, { kind: 'template' }>;
type Json = Record<string, unknown>;
type Refuse = (rule: Rule, finding: Finding) => void;

/** What the service passes over in a launch template. */
const IGNORED: readonly string[] = [
  'InstanceRequirements', 'IamInstanceProfile', 'DisableApiTermination', 'DisableApiStop', 'HibernationOptions',
  'ElasticGpuSpecifications', 'ElasticInferenceAccelerators',
];

/** Market types that belong to purchase options of their own. */
const RESERVATION_MARKETS: readonly unknown[] = ['capacity-block', 'interruptible-capacity-reservation'];

/** Checks how a given template is referred to. */
export function checkTemplateReference(problems: Problems, scope: Construct, choice: TemplateChoice): void {
  const template = choice.launchTemplate as Partial<ec2.ILaunchTemplate>;
  if ('versionNumber' in template && template.launchTemplateId === undefined) {
    problems.add(RULES.templateWithoutId, { property: 'launch.launchTemplate', got: template.launchTemplateName });
  }
  const version = templateVersionOf(choice);
  if (version === undefined || version === '$Default') {
    problems.add(RULES.templateVersion, { property: 'launch.version', got: version });
  } else if (version === '$Latest') {
    warn(scope, RULES.templateLatest, { property: 'launch.version' });
  }
}

/**
 * Checks what a given template holds, when the tree is complete and only if the template is part of it.
 *
 * What an older version of it holds can't be seen.
 */
export function checkTemplateOf(scope: Construct, choice: TemplateChoice, plan: NodeGroupPlan): void {
  const template = l1Of(choice.launchTemplate);
  if (template === undefined || isOlderVersion(choice)) { return; }
  scope.node.addValidation({
    validate: () => judge(scope, renderedData(template), plan),
  });
}

/** Checks the user data of a template that this library makes, when all commands have been added to it. */
export function checkUserData(scope: Construct, userData: ec2.UserData): void {
  scope.node.addValidation({
    validate: () => {
      const errors: string[] = [];
      judgeUserData(scope, userData, 'launch.userData', tellOf(scope, errors));
      return errors;
    },
  });
}

/** Tells of breaches while the app is validated: warnings at once, errors with all others. */
function tellOf(scope: Construct, errors: string[]): Refuse {
  return (rule, finding) => {
    if (rule.severity === 'warning') { warn(scope, rule, finding); } else { errors.push(describe(rule, finding)); }
  };
}

/** Whether a node group uses a version of a template that isn't the one in the app. */
export function isOlderVersion({ version }: TemplateChoice): boolean {
  return isConcrete(version) && version !== '$Latest';
}

/** The version of a given template that a node group uses. Undefined where nobody says. */
export function templateVersionOf(choice: TemplateChoice): string | undefined {
  if (choice.version !== undefined) { return choice.version; }
  const template = choice.launchTemplate;
  if (template instanceof ec2.CfnLaunchTemplate) { return template.attrLatestVersionNumber; }
  return (template as Partial<ec2.ILaunchTemplate>).versionNumber;
}

export function l1Of(template: ec2.ILaunchTemplateRef): ec2.CfnLaunchTemplate | undefined {
  if (template instanceof ec2.CfnLaunchTemplate) { return template; }
  const child = template.node.defaultChild;
  return child instanceof ec2.CfnLaunchTemplate ? child : undefined;
}

function judge(scope: Construct, data: Json, plan: NodeGroupPlan): string[] {
  const errors: string[] = [];
  const refuse: Refuse = (rule, finding) => { errors.push(describe(rule, finding)); };

  const interfaces = asArray(data.NetworkInterfaces);
  if (interfaces.length > 0 && asArray(data.SecurityGroupIds).some(isPresent)) {
    refuse(RULES.templateSecurityGroups, { property: 'launchTemplate.SecurityGroupIds' });
  }
  if (interfaces.some(item => !isIntrinsic(item) && item.Groups === undefined)) {
    refuse(RULES.templateInterfaceGroups, { property: 'launchTemplate.NetworkInterfaces' });
  }
  if (asArray(data.SecurityGroups).some(isPresent)) {
    refuse(RULES.templateSecurityGroupNames, { property: 'launchTemplate.SecurityGroups' });
  }
  judgeTemplateUserData(data.UserData, 'launchTemplate.UserData', tellOf(scope, errors));
  if (plan.imageFromTemplate && data.ImageId === undefined) {
    refuse(RULES.templateImage, { property: 'launchTemplate.ImageId' });
  }
  judgeLaunch(data, interfaces, plan, refuse);
  if (plan.terms.kind !== 'other') {
    checkReservation(data, plan, refuse);
  }
  advise(scope, data, plan);
  return errors;
}

/** What EC2 refuses in templates, whoever has made them. */
function judgeLaunch(data: Json, interfaces: readonly Json[], plan: NodeGroupPlan, refuse: Refuse): void {
  checkCores('launchTemplate.CpuOptions.CoreCount', asNumber(asObject(data.CpuOptions).CoreCount), plan.instanceTypes, refuse);
  if (interfaces.length > 1 && !interfaces.some(isIntrinsic) && interfaces.some(item => isTrue(item.AssociatePublicIpAddress))) {
    refuse(RULES.publicAddressOfCards, { property: 'launchTemplate.NetworkInterfaces', got: `${interfaces.length} network interfaces` });
  }
  const devices = asArray(data.BlockDeviceMappings).map(device => device.DeviceName).filter(name => typeof name === 'string');
  const twice = devices.filter((name, index) => devices.indexOf(name) < index);
  if (twice.length > 0) { refuse(RULES.dataVolumeDeviceTwice, { property: 'launchTemplate.BlockDeviceMappings', got: twice }); }
  if (asObject(data.MetadataOptions).InstanceMetadataTags === 'enabled') {
    const tags = asArray(data.TagSpecifications).filter(specification => specification.ResourceType === 'instance').flatMap(({ Tags }) => asArray(Tags));
    const wrong = tags.map(tag => tag.Key).filter(key => typeof key === 'string' && isConcrete(key) && !fits(METADATA_TAG_LIMITS.key, key));
    if (wrong.length > 0) { refuse(RULES.metadataTagKey, { property: 'launchTemplate.TagSpecifications', got: wrong }); }
  }
}

/** Whether a value of a template is true, in either of its forms. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function advise(scope: Construct, data: Json, plan: NodeGroupPlan): void {
  const interfaces = asArray(data.NetworkInterfaces);
  const market = asObject(data.InstanceMarketOptions).MarketType;
  const { kind } = plan.terms;
  if ((kind === 'onDemand' || kind === 'spot') && RESERVATION_MARKETS.includes(market)) {
    warn(scope, RULES.templateMarketUnexpected, { property: 'launchTemplate.InstanceMarketOptions.MarketType', got: market });
  }
  if (interfaces.length === 0 && !isIntrinsic(data.NetworkInterfaces) && data.SecurityGroupIds === undefined) {
    warn(scope, RULES.templateNoSecurityGroups, { property: 'launch.launchTemplate' });
  }
  if (interfaces.some(item => item.InterfaceType === 'efa-only')) {
    warn(scope, RULES.templateEfaOnly, { property: 'launch.launchTemplate' });
  }
  adviseCards(scope, 'launchTemplate.NetworkInterfaces', plan.instanceTypes, interfaces.map(writtenInterface));
  const isEfa = interfaces.some(item => item.InterfaceType === 'efa' || item.InterfaceType === 'efa-only');
  if (isEfa) { adviseEfaSubnets(scope, plan.subnets); }
  if (interfaces.length > 1 && plan.subnets.hasPublic) {
    warn(scope, RULES.efaPublicSubnet, { property: 'vpcSubnets' });
  }
  if (kind === 'capacityBlock' && isPresent(data.Placement)) {
    warn(scope, RULES.placementWithBlock, { property: 'launchTemplate.Placement' });
  }
  const ignored = IGNORED.filter(name => isPresent(data[name]));
  if (isPresent(data.InstanceType) && kind !== 'capacityBlock' && kind !== 'other') { ignored.push('InstanceType'); }
  if (isPresent(asObject(data.CpuOptions).ThreadsPerCore)) { ignored.push('CpuOptions.ThreadsPerCore'); }
  if (ignored.length > 0) {
    warn(scope, RULES.templateIgnored, { property: 'launch.launchTemplate', got: ignored });
  }
}

/** An entry of `NetworkInterfaces`, as far as it can be read. Without a card it is on card 0. */
function writtenInterface(item: Json): WrittenInterface {
  if (isIntrinsic(item)) { return {}; }
  const { NetworkCardIndex: card = 0, DeviceIndex: device, InterfaceType: type } = item;
  return { networkCardIndex: asNumber(card), deviceIndex: asNumber(device), efa: isKnown(type) ? type === 'efa' || type === 'efa-only' : undefined };
}

/** A number that is written as one or as its digits. */
function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && isConcrete(number) ? number : undefined;
}

function checkReservation(data: Json, plan: NodeGroupPlan, refuse: Refuse): void {
  const { marketType, capacityReservationId, resourceGroupArn, namesInstanceType } = plan.terms;
  const market = memberOf(data.InstanceMarketOptions, 'MarketType');
  if (marketType !== undefined && isKnown(market) && market !== marketType) {
    refuse(RULES.templateMarket, { property: 'launchTemplate.InstanceMarketOptions.MarketType', got: market });
  }
  const target = memberOf(data.CapacityReservationSpecification, 'CapacityReservationTarget');
  const wanted = { CapacityReservationId: capacityReservationId, CapacityReservationResourceGroupArn: resourceGroupArn };
  for (const [name, value] of Object.entries(wanted)) {
    const got = memberOf(target, name);
    if (value !== undefined && (got === undefined || (isKnown(got) && isConcrete(value) && got !== value))) {
      refuse(RULES.templateReservation, { property: 'launchTemplate.CapacityReservationSpecification', got });
    }
  }
  const [instanceType] = plan.instanceTypes;
  if (namesInstanceType && isKnown(data.InstanceType) && isConcrete(instanceType) && data.InstanceType !== instanceType) {
    refuse(RULES.templateInstanceType, { property: 'launchTemplate.InstanceType', got: data.InstanceType });
  }
}

/** Whether a resolved value is literal text or absent, rather than a reference. */
function isKnown(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && !Token.isUnresolved(value));
}

/** Whether a resolved value is there for sure: neither absent, nor a function of CloudFormation that may leave it out. */
function isPresent(value: unknown): boolean {
  if (!isIntrinsic(value)) { return value !== undefined; }
  const { Ref: reference, 'Fn::If': choice } = asObject(value);
  if (choice === undefined) { return reference === undefined ? !('Fn::Transform' in asObject(value)) : reference !== 'AWS::NoValue'; }
  return Array.isArray(choice) && choice.slice(1).every(isPresent);
}

/** A member of an object, or the function of CloudFormation that stands for the whole object. */
function memberOf(value: unknown, name: string): unknown {
  return isIntrinsic(value) ? value : asObject(value)[name];
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {};
}

function asArray(value: unknown): Json[] {
  return Array.isArray(value) ? value as Json[] : [];
}

/** The data as the template will hold it, which includes property overrides. */
function renderedData(template: ec2.CfnLaunchTemplate): Json {
  const { Resources: resources } = asObject(Stack.of(template).resolve(fragmentOf(template)));
  const [resource] = Object.values(asObject(resources));
  return asObject(asObject(asObject(resource).Properties).LaunchTemplateData);
}
