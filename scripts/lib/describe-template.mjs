/*
 * Says of each resource of a template what it is for, what our constructs derived for it, and how it costs.
 * Knows the types that the examples use; an unknown one is an error, so that a new example can't print nonsense.
 */

import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const { HANDLERS } = await importTypeScript(fileURLToPath(new URL('../../src/private/handlers/table.ts', import.meta.url)));

const PURCHASE_OPTIONS = {
  ONDEMAND: 'on-demand', SPOT: 'spot', CAPACITY_BLOCK: 'capacity block', INTERRUPTIBLE_CAPACITY_RESERVATION: 'interruptible reservation',
};

/** A read while deploying: what is read, and what of it is used. */
const LOOKUP = {
  purpose: 'reads a value from AWS while deploying',
  derived: p => [p.Operation, Object.values(p.Input).filter(value => typeof value === 'string').join(' '), p.Fields && `fields ${p.Fields.replaceAll(',', ', ')}`],
  cost: 'per use',
};

/** Which plan is extended to when, and the limit. */
function extension({ TrainingPlanName, ExtendTo }, fee) {
  return [TrainingPlanName, `to ${ExtendTo}`, `at most ${fee.Amount} ${fee.CurrencyCode}`];
}

/** What is searched for, and the limit. */
function offering({ InstanceType, InstanceCount, UltraServerType, UltraServerCount, DurationHours, Selection }, fee) {
  return [
    `${InstanceCount ?? UltraServerCount} x ${InstanceType ?? UltraServerType}`, `${DurationHours.join(' or ')} hours`, Selection, fee && `at most ${fee.Amount} ${fee.CurrencyCode}`,
  ];
}

/** What a function is for: the end of its description, as src/private/handlers/table.ts has it. */
const purposeOf = ({ Description }) => Description?.split(': ').at(-1) ?? 'a function of the CDK';

/** What roles are for, by the services that assume them. */
const ROLES = {
  lambda: 'permissions of the function', states: 'permissions of the state machine', events: 'lets events start the state machine',
  sagemaker: 'permissions of instances, jobs and models',
};

const TYPES = {
  'AWS::PCS::Cluster': {
    purpose: 'Slurm controller, run by AWS',
    derived: p => [
      `Slurm ${p.Scheduler.Version}`, `size ${p.Size}`, p.SlurmConfiguration?.Accounting?.Mode === 'STANDARD' && 'accounting on',
      p.SlurmConfiguration?.SlurmRest?.Mode === 'STANDARD' && 'REST API on', settings(p.SlurmConfiguration?.SlurmCustomSettings),
    ],
    cost: 'hourly, by size',
  },
  'AWS::PCS::ComputeNodeGroup': {
    purpose: 'instances that register with the cluster',
    derived: p => [
      p.InstanceConfigs.map(config => config.InstanceType).join(', '),
      PURCHASE_OPTIONS[p.PurchaseOption ?? 'ONDEMAND'] ?? p.PurchaseOption,
      scaling(p.ScalingConfiguration),
      p.SpotOptions && p.SpotOptions.AllocationStrategy,
    ],
    cost: p => (p.PurchaseOption === 'CAPACITY_BLOCK' ? 'upfront, paid with the block' : p.ScalingConfiguration.MinInstanceCount > 0 ? 'hourly' : 'hourly while jobs run'),
  },
  'AWS::PCS::Queue': {
    purpose: 'where jobs are submitted',
    derived: p => [count(p.ComputeNodeGroupConfigurations, 'node group'), settings(p.SlurmConfiguration?.SlurmCustomSettings)],
    cost: 'none',
  },
  'AWS::EC2::LaunchTemplate': {
    purpose: 'how the group launches its instances',
    derived: ({ LaunchTemplateData: d }) => [
      d.InstanceMarketOptions && `market type ${d.InstanceMarketOptions.MarketType}`,
      d.CapacityReservationSpecification && 'reservation targeted',
      d.InstanceType && `for ${d.InstanceType}`,
      d.NetworkInterfaces && `EFA on ${d.NetworkInterfaces.filter(card => card.InterfaceType === 'efa').length} network cards`,
      d.Placement && 'cluster placement group',
      d.MetadataOptions?.HttpTokens === 'required' && 'IMDSv2',
      d.BlockDeviceMappings?.some(device => device.Ebs?.Encrypted) && 'encrypted root volume',
      d.UserData && 'user data',
    ],
    cost: 'none',
  },
  'AWS::Budgets::Budget': { purpose: 'tells when costs reach a limit', derived: ({ Budget: b }) => [`${b.BudgetLimit.Amount} ${b.BudgetLimit.Unit}`, (b.CostFilters?.TagKeyValue ?? []).join(', ')], cost: 'none' },
  'AWS::EC2::PlacementGroup': { purpose: 'keeps instances close for EFA', derived: p => [p.Strategy], cost: 'none' },
  'AWS::IAM::Role': {
    purpose: p => ROLES[/(lambda|states|events|sagemaker)\./.exec(JSON.stringify(p.AssumeRolePolicyDocument))?.[1]] ?? 'lets instances register with the cluster',
    derived: p => [p.Path && `path ${p.Path}`, count(p.Policies?.flatMap(policy => policy.PolicyDocument.Statement), 'statement'), count(p.ManagedPolicyArns, 'managed policy', 'managed policies')],
    cost: 'none',
  },
  'AWS::DynamoDB::Table': { purpose: 'what the remediation remembers', derived: p => [p.BillingMode === 'PAY_PER_REQUEST' && 'on demand', p.TimeToLiveSpecification && 'forgets'], cost: 'per use' },
  'AWS::StepFunctions::StateMachine': { purpose: 'repairs nodes', cost: 'per use' },
  'AWS::Events::Rule': { purpose: 'hears of events', derived: p => [(p.EventPattern['detail-type'] ?? []).join(', ')], cost: 'none' },
  'AWS::SQS::Queue': { purpose: 'events that could not be handed over', derived: p => [`kept ${p.MessageRetentionPeriod / 86_400} days`], cost: 'per use' },
  'AWS::SQS::QueuePolicy': { purpose: 'who may send to the queue', cost: 'none' },
  'AWS::CloudWatch::Dashboard': { purpose: 'shows metrics and alarms', cost: 'monthly, but for the first ones' },
  'AWS::SNS::Topic': { purpose: 'tells people', cost: 'per use' },
  'AWS::SNS::TopicPolicy': { purpose: 'who may publish to the topic', cost: 'none' },
  'AWS::CloudWatch::Alarm': { purpose: 'speaks when something is wrong', cost: 'monthly' },
  'AWS::IAM::Policy': { purpose: 'permissions granted by constructs', derived: p => [count(p.PolicyDocument.Statement, 'statement')], cost: 'none' },
  'AWS::IAM::InstanceProfile': { purpose: 'hands the role to instances', derived: p => [p.Path && `path ${p.Path}`], cost: 'none' },
  'AWS::EC2::SecurityGroup': { purpose: 'what traffic may pass', derived: p => [p.GroupDescription.includes('/') ? 'of a VPC endpoint' : p.GroupDescription, count(p.SecurityGroupIngress, 'ingress rule'), count(p.SecurityGroupEgress, 'egress rule')], cost: 'none' },
  'AWS::EC2::SecurityGroupIngress': { purpose: 'lets traffic in', derived: rule, cost: 'none' },
  'AWS::EC2::SecurityGroupEgress': { purpose: 'lets traffic out', derived: rule, cost: 'none' },
  'AWS::SageMaker::Cluster': {
    purpose: 'instances whose health SageMaker watches',
    derived: p => [
      p.Orchestrator?.Eks ? 'EKS' : 'Slurm', p.NodeProvisioningMode === 'Continuous' && 'continuous provisioning',
      p.NodeRecovery === 'Automatic' && 'automatic recovery', (p.InstanceGroups ?? []).map(instanceGroup).join(' + '),
    ],
    cost: 'hourly, by instances, but for those of training plans',
  },
  'AWS::EKS::Addon': { purpose: 'task governance', derived: p => [p.AddonName], cost: 'none' },
  'AWS::SageMaker::ComputeQuota': {
    purpose: 'what a team may use of the cluster',
    derived: p => [
      `team ${p.ComputeQuotaTarget.TeamName}`,
      p.ComputeQuotaTarget.FairShareWeight !== undefined && `weight ${p.ComputeQuotaTarget.FairShareWeight}`,
      (p.ComputeQuotaConfig.ComputeQuotaResources ?? []).map(quotaResource).join(' + '),
      p.ComputeQuotaConfig.ResourceSharingConfig?.Strategy,
    ],
    cost: 'none',
  },
  'AWS::SageMaker::Model': { purpose: 'what is served', cost: 'none' },
  'AWS::SageMaker::EndpointConfig': {
    purpose: 'instances of the endpoint',
    derived: p => p.ProductionVariants.map(variant => [
      `${variant.InitialInstanceCount} x ${variant.InstanceType}`, variant.CapacityReservationConfig && 'of a training plan',
    ].filter(Boolean).join(' ')),
    cost: 'none',
  },
  'AWS::SageMaker::Endpoint': { purpose: 'serves a model', cost: 'hourly, but for instances of training plans' },
  'AWS::StepFunctions::StateMachine': { purpose: 'starts jobs', cost: 'per use' },
  'AWS::Events::Rule': { purpose: 'calls a function again and again', derived: p => [p.ScheduleExpression], cost: 'per use' },
  'AWS::Lambda::EventInvokeConfig': { purpose: 'forgets events that come late', derived: p => [`${p.MaximumEventAgeInSeconds} s`], cost: 'none' },
  'AWS::Lambda::Permission': { purpose: 'lets the rule call the function', cost: 'none' },
  'AWS::CloudWatch::Alarm': { purpose: 'tells somebody', derived: p => [`${p.MetricName} at ${p.Threshold}`], cost: 'monthly, with its metric' },
  'AWS::SNS::Topic': { purpose: 'who is told', cost: 'per use' },
  'AWS::SageMaker::ClusterSchedulerConfig': { purpose: 'priorities and fair share of the cluster', derived: p => [count(p.SchedulerConfig.PriorityClasses, 'priority class', 'priority classes')], cost: 'none' },
  ...Object.fromEntries(Object.values(HANDLERS).filter(({ kind, resourceType }) => kind === 'function' && resourceType).map(({ resourceType }) => [resourceType, LOOKUP])),
  'Custom::HpcTrainingPlansOfferingSearch': {
    purpose: p => (p.DryRunOfExtension ? 'reports what an extension would buy' : p.DryRunOf ? 'reports what a purchase would buy' : 'searches offerings of training plans'),
    derived: p => (p.DryRunOfExtension ? extension(p.DryRunOfExtension, p.MaxUpfrontFee) : offering(p.Offering, p.MaxUpfrontFee)),
    cost: 'per use',
  },
  'Custom::HpcTrainingPlansExtension': { purpose: 'extends a training plan, once', derived: p => extension(p, p.MaxUpfrontFee), cost: 'upfront, when it is created' },
  'Custom::HpcTrainingPlansPurchase': {
    purpose: 'buys a training plan, once', derived: p => [p.TrainingPlanName, ...offering(p.Offering, p.MaxUpfrontFee)], cost: 'upfront, when it is created',
  },
  'Custom::HpcPcsAccounting': {
    purpose: p => (p.Kind === 'Account' ? 'an account of Slurm' : 'a quality of service of Slurm'),
    derived: p => [
      p[p.Kind].Name, p.Account?.Users && count(p.Account.Users, 'user'), ...Object.entries(p[p.Kind].Limits ?? {}).map(([name, value]) => `${name} ${value}`),
    ],
    cost: 'none',
  },
  'AWS::Lambda::Function': { purpose: purposeOf, derived: p => [p.Runtime, `${p.MemorySize} MB`, `${p.Timeout} s`], cost: 'per use' },
  'AWS::Logs::LogGroup': {
    purpose: p => (JSON.stringify(p.LogGroupName ?? '').includes('/aws/vendedlogs/') ? 'log of the cluster' : 'log of the function'),
    derived: p => [`kept ${p.RetentionInDays} days`],
    cost: 'per use',
  },
  'AWS::Logs::DeliverySource': { purpose: 'a log that the cluster writes', derived: p => [p.LogType], cost: 'none' },
  'AWS::Logs::DeliveryDestination': { purpose: 'where a log goes', derived: p => [p.OutputFormat && `as ${p.OutputFormat}`], cost: 'none' },
  'AWS::Logs::Delivery': { purpose: 'brings the log there', cost: 'per use' },
  'AWS::EFS::FileSystem': { purpose: 'shared files: homes', derived: p => [p.Encrypted && 'encrypted'], cost: 'per GB and month' },
  'AWS::EFS::MountTarget': { purpose: 'way to the file system', cost: 'none' },
  'AWS::FSx::FileSystem': { purpose: 'shared files: scratch', derived: p => [p.FileSystemType, `${p.StorageCapacity} GiB`, p.LustreConfiguration?.DeploymentType], cost: 'hourly, by size' },
  'AWS::EC2::VPC': { purpose: 'network', derived: p => [p.CidrBlock], cost: 'none' },
  'AWS::EC2::Subnet': { purpose: 'network', derived: p => [p.CidrBlock, p.MapPublicIpOnLaunch ? 'public' : 'private'], cost: 'none' },
  'AWS::EC2::RouteTable': { purpose: 'network', cost: 'none' },
  'AWS::EC2::Route': { purpose: 'network', cost: 'none' },
  'AWS::EC2::SubnetRouteTableAssociation': { purpose: 'network', cost: 'none' },
  'AWS::EC2::InternetGateway': { purpose: 'way out of the public subnets', cost: 'none' },
  'AWS::EC2::VPCGatewayAttachment': { purpose: 'network', cost: 'none' },
  'AWS::EC2::EIP': { purpose: 'address of the NAT gateway', cost: 'hourly' },
  'AWS::EC2::NatGateway': { purpose: 'way out of the private subnets', cost: 'hourly, and per GB' },
  'AWS::EC2::VPCEndpoint': { purpose: 'way to an AWS service', derived: p => [p.VpcEndpointType ?? 'Gateway'], cost: p => (p.VpcEndpointType === 'Interface' ? 'hourly, and per GB' : 'none') },
};

/** A row for each resource but the metadata. */
export function describeTemplate(template) {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type !== 'AWS::CDK::Metadata')
    .map(([logicalId, resource]) => {
      const known = TYPES[resource.Type];
      if (!known) { throw new Error(`no description of ${resource.Type} (${logicalId}): add it to scripts/lib/describe-template.mjs`); }
      const properties = resource.Properties ?? {};
      const text = value => (typeof value === 'function' ? value(properties) : value);
      return {
        resource: `${resource.Type.replace(/^AWS::/, '')} ${(resource.Metadata?.['aws:cdk:path'] ?? logicalId).split('/').slice(1).filter(part => part !== 'Resource').join('/')}`,
        purpose: text(known.purpose),
        derived: (text(known.derived) ?? []).filter(part => typeof part === 'string' && part).join('; '),
        cost: text(known.cost),
      };
    });
}

function scaling({ MinInstanceCount: min, MaxInstanceCount: max }) {
  return min === max ? `${min} fixed` : `${min} to ${max}`;
}

function settings(list) {
  return (list ?? []).map(setting => `${setting.ParameterName}=${setting.ParameterValue}`).join(', ');
}

function instanceGroup(group) {
  const layout = group.KubernetesConfig?.Labels?.['nvidia.com/mig.config'];
  const parts = [
    `${group.InstanceCount} x ${group.InstanceType}`, group.SlurmConfig?.NodeType.toLowerCase(), group.TrainingPlanArn && 'of a training plan', layout,
  ];
  return parts.filter(Boolean).join(' ');
}

function quotaResource(resource) {
  const parts = [
    resource.Count !== undefined && `${resource.Count} instances`,
    resource.Accelerators !== undefined && `${resource.Accelerators} accelerators`,
    resource.AcceleratorPartition && `${resource.AcceleratorPartition.Count} x ${resource.AcceleratorPartition.Type}`,
    resource.VCpu !== undefined && `${resource.VCpu} vCPU`,
    resource.MemoryInGiB !== undefined && `${resource.MemoryInGiB} GiB`,
  ].filter(Boolean);
  return `${parts.join(', ')} of ${resource.InstanceType}`;
}

function rule(p) {
  const peer = p.SourceSecurityGroupId ?? p.DestinationSecurityGroupId;
  const ports = p.IpProtocol === '-1' ? 'all traffic' : p.FromPort === p.ToPort ? `port ${p.FromPort}` : `ports ${p.FromPort}-${p.ToPort}`;
  return [ports, p.CidrIp ?? p.DestinationPrefixListId ?? (JSON.stringify(peer) === JSON.stringify(p.GroupId) ? 'within the group' : 'with another group')];
}

function count(list, singular, plural = `${singular}s`) {
  const length = (list ?? []).length;
  return length > 0 && `${length} ${length === 1 ? singular : plural}`;
}
