import { CfnDynamicReference, CfnDynamicReferenceService } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { RULES } from './rules';
import { checkForm } from '../../private/forms';
import { ssmParameterBehind } from '../../private/places';
import { fail, isConcrete, isDynamicReference, warn, type Problems } from '../../private/problems';
import type { ImageChoice } from '../vocabulary/node-image';
import type { SlurmVersion } from '../vocabulary/slurm-version';

/** What nodes ask of their image. */
export interface ImagedNodes {
  readonly architecture?: string;
  readonly version?: SlurmVersion;
  /** Whether a launch template of the user can name the image. */
  readonly ownTemplate: boolean;
}

/** Checks an image against the architecture of the instance types and the version of Slurm, where these are known. */
export function checkImage(
  problems: Problems, scope: Construct, choice: ImageChoice, { architecture, version, ownTemplate }: ImagedNodes,
): void {
  if (choice.kind === 'template' && !ownTemplate) {
    problems.add(RULES.imageFromTemplate, { property: 'image' });
  }
  if (isConcrete(choice.architecture) && architecture !== undefined && choice.architecture !== architecture) {
    problems.add(RULES.imageArchitecture, { property: 'image', got: { image: choice.architecture, instanceTypes: architecture } });
  }
  if ((choice.kind === 'dlami' || choice.kind === 'sample') && (choice.architecture ?? architecture) === undefined) {
    problems.add(RULES.imageArchitectureUnknown, { property: 'image' });
  }
  if (choice.kind === 'sample') {
    if ((choice.schedulerVersion ?? version) === undefined) { problems.add(RULES.imageVersionUnknown, { property: 'image' }); }
    warn(scope, RULES.imageSample, { property: 'image' });
  }
  if (choice.kind === 'ami' && !isDynamicReference(choice.imageId)) {
    checkForm(problems, RULES.imageId, 'image', choice.imageId);
  }
}

/** The parameters in which AWS publishes images, and those among them that are for AWS PCS, or whose vendor may have made them for it. */
const PUBLISHED = '/aws/service/';
const MAY_BE_FOR_PCS = ['/aws/service/pcs/', '/aws/service/marketplace/'];

/** Advice on an image that AWS publishes for something else. */
export function adviseImage(scope: Construct, imageId: string | undefined): void {
  const parameter = ssmParameterBehind(imageId);
  if (parameter?.startsWith(PUBLISHED) && !MAY_BE_FOR_PCS.some(path => parameter.startsWith(path))) {
    warn(scope, RULES.imageWithoutAgent, { property: 'image', got: parameter });
  }
}

/** The id of the image, or undefined where the launch template names it. */
export function imageIdOf(scope: Construct, choice: ImageChoice, architecture?: string, version?: SlurmVersion): string | undefined {
  switch (choice.kind) {
    case 'dlami': {
      const parameter = `/aws/service/pcs/ami/dlami-base-ubuntu2404/${choice.architecture ?? architecture}/latest/ami-id`;
      return choice.cachedInContext
        ? ssm.StringParameter.valueFromLookup(scope, parameter)
        : new CfnDynamicReference(CfnDynamicReferenceService.SSM, parameter).toString();
    }
    case 'sample': {
      const { value } = choice.schedulerVersion ?? version!;
      return ec2.MachineImage.lookup({
        name: `aws-pcs-sample_ami-al2023-${choice.architecture ?? architecture}*`,
        owners: ['amazon'],
        filters: { description: [`*${value}*`] },
      }).getImage(scope).imageId;
    }
    case 'ami':
      return choice.imageId;
    case 'machineImage': {
      const image = choice.image.getImage(scope);
      if (image.osType === ec2.OperatingSystemType.WINDOWS) {
        fail(scope, RULES.imageOperatingSystem, { property: 'image', got: 'Windows' });
      }
      if (image.imageId.startsWith('resolve:ssm:')) {
        fail(scope, RULES.imageId, { property: 'image', got: image.imageId });
      }
      return image.imageId;
    }
    case 'template':
      return undefined;
  }
}
