import type { IResolvable, Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { multipartUserData } from './user-data';
import type { NetworkCardFacts } from '../../private/instance-types';
import type { ManagedNodeLaunchOptions, NodeVolumeOptions } from '../vocabulary/node-launch';
import type { PurchaseTerms } from '../vocabulary/purchase-option';

/** All that goes into a launch template. */
export interface LaunchTemplateInput {
  readonly terms: PurchaseTerms;
  readonly instanceTypes: readonly string[];
  readonly securityGroupIds: string[];
  readonly cards: readonly NetworkCardFacts[];
  readonly placementGroupName?: string;
  readonly rootDeviceName?: string;
  readonly tagSpecifications?: IResolvable;
  readonly options: ManagedNodeLaunchOptions;
}

/**
 * The data of a launch template for nodes.
 *
 * Left out on purpose, since the service ignores or refuses them: the instance profile, the instance type (but for Capacity
 * Blocks), threads per core (but beside a number of cores, since EC2 takes them together), termination protection, hibernation, and
 * security groups beside network interfaces.
 */
export function launchTemplateData(input: LaunchTemplateInput): ec2.CfnLaunchTemplate.LaunchTemplateDataProperty {
  const { terms, options } = input;
  const interfaces = interfacesOf(input);
  return {
    instanceType: terms.namesInstanceType ? input.instanceTypes[0] : undefined,
    instanceMarketOptions: terms.marketType === undefined ? undefined : { marketType: terms.marketType },
    capacityReservationSpecification: reservationOf(terms),
    networkInterfaces: interfaces,
    securityGroupIds: interfaces ? undefined : input.securityGroupIds,
    placement: input.placementGroupName === undefined ? undefined : { groupName: input.placementGroupName },
    blockDeviceMappings: devicesOf(input),
    cpuOptions: options.coreCount === undefined ? undefined : { coreCount: options.coreCount, threadsPerCore: 1 },
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: options.metadataHopLimit,
      instanceMetadataTags: options.instanceMetadataTags === undefined ? undefined : enabledOr(options.instanceMetadataTags),
    },
    monitoring: options.detailedMonitoring === undefined ? undefined : { enabled: options.detailedMonitoring },
    keyName: options.keyPair?.keyPairRef.keyName,
    userData: options.userData === undefined ? undefined : multipartUserData(options.userData),
    tagSpecifications: input.tagSpecifications,
  };
}

function reservationOf(terms: PurchaseTerms): ec2.CfnLaunchTemplate.CapacityReservationSpecificationProperty | undefined {
  if (terms.capacityReservationId === undefined && terms.resourceGroupArn === undefined) { return undefined; }
  return {
    capacityReservationTarget: {
      capacityReservationId: terms.capacityReservationId,
      capacityReservationResourceGroupArn: terms.resourceGroupArn,
    },
  };
}

/** Without cards of its own, an instance has one plain interface, which has to be written where it is told about its address. */
function interfacesOf(
  { cards, securityGroupIds: groups, options: { associatePublicIpAddress } }: LaunchTemplateInput,
): ec2.CfnLaunchTemplate.NetworkInterfaceProperty[] | undefined {
  if (cards.length === 0) {
    return associatePublicIpAddress === undefined
      ? undefined
      : [{ deviceIndex: 0, associatePublicIpAddress, groups, deleteOnTermination: true }];
  }
  return cards.map(card => ({
    networkCardIndex: card.networkCardIndex,
    deviceIndex: card.deviceIndex,
    interfaceType: card.efa ? 'efa' : undefined,
    associatePublicIpAddress: cards.length === 1 ? associatePublicIpAddress : undefined,
    groups,
    deleteOnTermination: true,
  }));
}

function devicesOf(
  { rootDeviceName, options: { rootVolume = {}, dataVolumes = [] } }: LaunchTemplateInput,
): ec2.CfnLaunchTemplate.BlockDeviceMappingProperty[] | undefined {
  const devices = [
    ...rootDeviceName === undefined ? [] : [{ deviceName: rootDeviceName, ebs: volumeOf(rootVolume) }],
    ...dataVolumes.map(volume => ({ deviceName: volume.deviceName, ebs: volumeOf(volume) })),
  ];
  return devices.length === 0 ? undefined : devices;
}

function volumeOf(volume: NodeVolumeOptions & { readonly size?: Size }): ec2.CfnLaunchTemplate.EbsProperty {
  return {
    encrypted: true,
    deleteOnTermination: true,
    kmsKeyId: volume.encryptionKey?.keyRef.keyArn,
    volumeSize: volume.size?.toGibibytes(),
    volumeType: volume.volumeType,
    iops: volume.iops,
    throughput: volume.throughput,
  };
}

function enabledOr(isEnabled: boolean): string {
  return isEnabled ? 'enabled' : 'disabled';
}
