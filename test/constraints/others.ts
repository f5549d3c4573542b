import { checked, listed, rows, typed, type Row } from './row';

const NOT_RENDERED = listed('not rendered');
const OURS = typed('the library writes it');
const NAME_OF_OURS = typed('a name that the library makes, of 60 letters, digits and hyphens at most');
const LOGS = ['AWS::Logs::Delivery', 'AWS::Logs::DeliveryDestination', 'AWS::Logs::DeliverySource'];
const EKS = ['AWS::EKS::AccessEntry', 'AWS::EKS::Addon'];

/** Resources beside those of AWS PCS and SageMaker, and requests of handlers to other services. */
export const OTHERS: readonly Row[] = [
  ...rows([...LOGS, ...EKS, 'AWS::EC2::PlacementGroup'], [
    ['tags', 'unique', typed('tags of the CDK have one value for each key')],
    ['tags[].*', '*', listed('tags that `Tags.of` puts on constructs of aws-cdk-lib\'s other services aren\'t ours to judge')],
  ]),
  ...rows(['AWS::EC2::LaunchTemplate'], [
    ['launchTemplateData', 'required', OURS],
    ['launchTemplateData.blockDeviceMappings[]', 'combination', typed('the root volume and `dataVolumes`, as volumes of EBS')],
    ['launchTemplateData.blockDeviceMappings[].ebs.iops launchTemplateData.blockDeviceMappings[].ebs.throughput launchTemplateData.blockDeviceMappings[].ebs.volumeSize', 'integer', checked('pcs.rootVolume')],
    ['launchTemplateData.blockDeviceMappings[].ebs.kmsKeyId', 'combination', typed('`kms.IKeyRef`')],
    ['launchTemplateData.blockDeviceMappings[].ebs.volumeType', 'enum', typed('`ec2.EbsDeviceVolumeType`')],
    ['launchTemplateData.capacityReservationSpecification.capacityReservationPreference', 'enum', NOT_RENDERED],
    ['launchTemplateData.instanceMarketOptions.marketType', 'enum', typed('`PurchaseOption`')],
    ['launchTemplateData.instanceMarketOptions.spotOptions.*', '*', listed('not rendered: AWS PCS asks for spot instances itself')],
    ['launchTemplateData.cpuOptions.coreCount', 'integer', checked('pcs.coreCount')],
    ['launchTemplateData.cpuOptions.threadsPerCore', 'integer', OURS],
    ['launchTemplateData.metadataOptions.instanceMetadataTags', 'enum', OURS],
    ['launchTemplateData.metadataOptions.httpEndpoint launchTemplateData.metadataOptions.httpTokens', 'enum', OURS],
    ['launchTemplateData.metadataOptions.httpPutResponseHopLimit', 'integer', checked('pcs.metadataHopLimit')],
    ['launchTemplateData.networkInterfaces[]', 'combination', typed('interfaces have ids of groups and no addresses')],
    ['launchTemplateData.networkInterfaces[].deviceIndex launchTemplateData.networkInterfaces[].networkCardIndex', 'integer', checked('pcs.efaCardIndex')],
    ['launchTemplateData.tagSpecifications[].resourceType', 'enum', typed('always instance and volume')],
    ['launchTemplateData.tagSpecifications[].tags[].*', 'required', typed('`instanceTags` has keys and values')],
    ['launchTemplateData.** tagSpecifications[].** versionDescription', '*', NOT_RENDERED],
  ]),
  ...rows(['AWS::EC2::PlacementGroup'], [
    ['strategy', 'enum', typed('always cluster')],
    ['partitionCount spreadLevel', '*', NOT_RENDERED],
  ]),
  ...rows(['AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress'], [
    ['fromPort toPort', '*', checked('pcs.srunPorts', 'others are written by the library')],
    ['groupId ipProtocol', 'required', OURS],
  ]),
  ...rows(EKS, [
    ['clusterName addonName principalArn', '*', typed('`eks.IClusterRef`, the name of the add-on, and the role of the group')],
    ['addonVersion configurationValues', 'length', listed('EKS alone knows versions and settings; an empty text means none, and is refused by EKS')],
    ['**', '*', NOT_RENDERED],
  ]),
  ...rows(['AWS::IAM::InstanceProfile'], [
    ['instanceProfileName', '*', checked('pcs.instanceProfileName', 'from 1 character on')],
    ['path', '*', checked('pcs.rolePath')],
    ['roles roles[]', '*', typed('one role, by its own name')],
  ]),
  ...rows(['AWS::IAM::ServiceLinkedRole'], [
    ['awsServiceName', '*', typed('always spot.amazonaws.com')],
    ['customSuffix description', '*', NOT_RENDERED],
  ]),
  ...rows(LOGS, [
    ['deliveryDestinationArn resourceArn destinationResourceArn deliverySourceName', '*', typed('comes from the resource')],
    ['name', '*', NAME_OF_OURS],
    ['logType', '*', typed('`ClusterLogType`')],
    ['outputFormat', '*', typed('`LogOutputFormat`')],
    ['recordFields recordFields[]', '*', checked('pcs.logRecordFields')],
    ['fieldDelimiter', '*', checked('pcs.logFieldDelimiter')],
    ['s3SuffixPath', '*', checked('pcs.logSuffixPath')],
    ['deliveryDestinationPolicy** deliveryDestinationType deliverySourceConfiguration**', '*', NOT_RENDERED],
  ]),
  ...rows(['AWS::EC2::InstanceConnectEndpoint'], [
    ['subnetId securityGroupIds', '*', OURS],
    ['tags[].*', 'required', typed('tags of the CDK have keys and values')],
  ]),
  ...rows(['secretsmanager GetSecretValue'], [['*', '*', typed('the secret and the version that AWS PCS names')]]),
  ...rows(['ec2 DescribeInstances', 'ec2 DescribeCapacityReservations'], [['maxResults', '*', listed('the handler asks for pages of a size of its own')]]),
  ...rows(['ssm PutParameter', 'ssm GetParametersByPath'], [
    ['name path', '*', typed('names of the ledger are made by the library; that of a list of nodes comes from `ssm.IStringParameter`')],
    ['value', 'required', OURS],
    ['tier type maxResults', '*', OURS],
    ['**', '*', listed('not sent')],
  ]),
  ...rows(['cloudformation DescribeStackResource'], [['*', 'required', typed('ids that CloudFormation gave the handler')]]),
  ...rows(['dynamodb GetItem', 'dynamodb PutItem'], [['**', '*', typed('the table and the members of its items are the library\'s')]]),
  ...rows(['s3 PutObject'], [
    ['bucket', 'required', typed('`s3.IBucketRef`')],
    ['key', '*', checked('hyperpod.nodesObjectKey')],
  ]),
];
