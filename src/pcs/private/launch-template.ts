import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { multipartUserData } from './user-data';
import type { NetworkCardFacts } from '../../private/instance-types';
import type { ManagedNodeLaunchOptions, RootVolume } from '../vocabulary/node-launch';
import type { PurchaseTerms } from '../vocabulary/purchase-option';

/** All that goes into a launch template. */
export interface LaunchTemplateInput {
  readonly terms: PurchaseTerms;
  readonly instanceTypes: readonly string[];
  readonly securityGroupIds: string[];
  readonly cards: readonly NetworkCardFacts[];
  readonly placementGroupName?: string;
  readonly rootDeviceName?: string;
  readonly options: ManagedNodeLaunchOptions;
}

/**
 * The data of a launch template for nodes.
 *
 * Left out on purpose, since the service ignores or refuses them: the instance profile, the instance type (but for Capacity
 * Blocks), threads per core, termination protection, hibernation, and security groups beside network interfaces.
 */
export function launchTemplateData(input: LaunchTemplateInput): ec2.CfnLaunchTemplate.LaunchTemplateDataProperty {
  const { terms, options, cards } = input;
  return {
    instanceType: terms.namesInstanceType ? input.instanceTypes[0] : undefined,
    instanceMarketOptions: terms.marketType === undefined ? undefined : { marketType: terms.marketType },
    capacityReservationSpecification: reservationOf(terms),
    networkInterfaces: cards.length === 0 ? undefined : cards.map(card => ({
      networkCardIndex: card.networkCardIndex,
      deviceIndex: card.deviceIndex,
      interfaceType: card.efa ? 'efa' : undefined,
      groups: input.securityGroupIds,
      deleteOnTermination: true,
    })),
    securityGroupIds: cards.length === 0 ? input.securityGroupIds : undefined,
    placement: input.placementGroupName === undefined ? undefined : { groupName: input.placementGroupName },
    blockDeviceMappings: input.rootDeviceName === undefined
      ? undefined
      : [{ deviceName: input.rootDeviceName, ebs: rootVolumeOf(options.rootVolume ?? {}) }],
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: options.metadataHopLimit,
    },
    monitoring: options.detailedMonitoring === undefined ? undefined : { enabled: options.detailedMonitoring },
    keyName: options.keyPair?.keyPairRef.keyName,
    userData: options.userData === undefined ? undefined : multipartUserData(options.userData),
    tagSpecifications: tagSpecificationsOf(options.instanceTags),
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

function rootVolumeOf(volume: RootVolume): ec2.CfnLaunchTemplate.EbsProperty {
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

function tagSpecificationsOf(tags: Record<string, string> = {}): ec2.CfnLaunchTemplate.TagSpecificationProperty[] | undefined {
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return list.length === 0 ? undefined : ['instance', 'volume'].map(resourceType => ({ resourceType, tags: list }));
}
