import type { PlanSpec } from './spec';
import { OWNERSHIP_KEY, PLAN_NAME, RESERVED_TAG, fits, type Form } from '../../src/private/contracts/forms';
import { compactInstant } from '../../src/private/contracts/instants';
import {
  OFFERING_SELECTIONS, type OfferingSelection, type SubnetZone,
} from '../../src/private/contracts/training-plan';
import { optionalText, record, text, type Properties } from '../shared/coerce';
import type { StackIdentity } from '../shared/custom-resource';
import { HandlerError } from '../shared/errors';
import { money, type Money } from '../spending/money';

/*
 * What the properties of a purchase or a search say, checked before anything is asked or sent. Numbers, booleans and lists may
 * have become texts on their way.
 */

/** How an offering is found and chosen. */
export interface Criteria {
  readonly spec: PlanSpec;
  readonly durationHours: readonly number[];
  /** Milliseconds since 1970. */
  readonly startAfter?: number;
  readonly endBefore?: number;
  /** Empty: any. */
  readonly zones: readonly string[];
  readonly subnets: readonly SubnetZone[];
  readonly offeringId?: string;
  readonly selection: OfferingSelection;
  readonly cap?: Money;
}

/** What makes two purchases the same. */
export interface Identity {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly owner: string;
  readonly adoptExisting: boolean;
}

/** A purchase. */
export interface PurchaseRequest extends Identity {
  readonly criteria: Criteria & { readonly cap: Money };
  readonly attempt: number;
  /** Without those that can't be written: of AWS, and of the library. */
  readonly tags: Readonly<Record<string, string>>;
}

/** An extension, which has no owner: whoever asks for the same end shares it. */
export interface ExtensionRequest extends ExtensionTarget {
  readonly cap: Money;
  readonly attempt: number;
}

/** Which plan shall end when. */
export interface ExtensionTarget {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly extendTo: number;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;

/** The ARN of a plan, which follows from its name. */
export function planArn({ partition, region, account }: StackIdentity, name: string): string {
  return `arn:${partition}:sagemaker:${region}:${account}:training-plan/${name}`;
}

/** The name of the plan alone, which says what the physical id is. */
export function planName(properties: Properties): string {
  return matching(properties, 'TrainingPlanName', PLAN_NAME, 'must have 1 to 64 letters, digits and hyphens, and begin and end with a letter or digit');
}

/** The physical id of an extension: plan, end and attempt, and nothing else. */
export function extensionId(properties: Properties, stack: StackIdentity): string {
  const { arn, extendTo } = extensionTarget(properties, stack);
  return `${arn}/extend/${compactInstant(extendTo)}/${attempt(properties)}`;
}

/** Reads which plan an extension is of, and to when. The ARN follows from the name: the one that is given says what was waited for. */
export function extensionTarget(properties: Properties, stack: StackIdentity): ExtensionTarget {
  const name = planName(properties);
  const arn = planArn(stack, name);
  const extendTo = time(properties, 'ExtendTo');
  if (extendTo === undefined || extendTo % 1000 !== 0) { throw invalid('ExtendTo must be an instant with whole seconds'); }
  return { name, arn, extendTo };
}

/** Reads an extension. */
export function extensionRequest(properties: Properties, stack: StackIdentity): ExtensionRequest {
  return { ...checkedTarget(properties, stack), cap: cap(record(properties, 'MaxUpfrontFee')), attempt: attempt(properties) };
}

/** Reads a dry run of an extension. */
export function extensionSearch(properties: Properties, stack: StackIdentity): ExtensionTarget & { readonly cap: Money } {
  return { ...checkedTarget(record(properties, 'DryRunOfExtension'), stack), cap: cap(record(properties, 'MaxUpfrontFee')) };
}

function checkedTarget(properties: Properties, stack: StackIdentity): ExtensionTarget {
  checkPlace(properties, stack);
  const target = extensionTarget(properties, stack);
  const given = text(properties, 'TrainingPlanArn');
  if (given !== target.arn) { throw invalid(`TrainingPlanArn must be ${target.arn}, got: ${given}`); }
  return target;
}

/** Reads what a purchase is identified by. The place is compared with that of the stack: another stage of an app buys nothing. */
export function identity(properties: Properties, stack: StackIdentity): Identity {
  return {
    ...checkPlace(properties, stack),
    name: planName(properties),
    owner: matching(properties, 'OwnershipKey', OWNERSHIP_KEY, 'must have 1 to 256 characters that the value of a tag may have'),
    adoptExisting: flag(properties, 'AdoptExisting'),
  };
}

function checkPlace(properties: Properties, stack: StackIdentity): { readonly account: string; readonly region: string } {
  const account = text(properties, 'Account');
  const region = text(properties, 'Region');
  if (account !== stack.account || region !== stack.region) {
    throw invalid(
      `the plan is to be bought in account ${account}, Region ${region}, but this stack is in account ${stack.account}, Region ${stack.region}`,
    );
  }
  return { account, region };
}

/** Reads a purchase. */
export function purchaseRequest(properties: Properties, stack: StackIdentity): PurchaseRequest {
  return {
    ...identity(properties, stack),
    criteria: { ...criteria(properties, spares(properties)), cap: cap(record(properties, 'MaxUpfrontFee')) },
    attempt: attempt(properties),
    tags: userTags(properties),
  };
}

/** Reads the criteria of a search that may have no cap. */
export function searchCriteria(properties: Properties): Criteria {
  const dryRun = properties.DryRunOf === undefined ? {} : record(properties, 'DryRunOf');
  return {
    ...criteria(properties, spares(dryRun)),
    cap: properties.MaxUpfrontFee === undefined ? undefined : cap(record(properties, 'MaxUpfrontFee')),
  };
}

/** The tags of the user, without those that can't be written. */
export function userTags(properties: Properties): Record<string, string> {
  const tags = properties.Tags === undefined ? {} : record(properties, 'Tags');
  return Object.fromEntries(Object.keys(tags).filter(key => !RESERVED_TAG.test(key)).map(key => [key, optionalText(tags, key) ?? '']));
}

function criteria(properties: Properties, spareCount: number | undefined): Criteria {
  const offering = record(properties, 'Offering');
  const read: Criteria = {
    spec: planSpec(offering, spareCount),
    durationHours: [...new Set(list(offering, 'DurationHours').map(hours => integer(hours, 'DurationHours', 1)))],
    startAfter: time(offering, 'StartTimeAfter'),
    endBefore: time(offering, 'EndTimeBefore'),
    zones: list(offering, 'AvailabilityZones'),
    subnets: subnets(offering),
    offeringId: optionalText(offering, 'TrainingPlanOfferingId'),
    selection: selection(offering),
  };
  if (read.durationHours.length === 0) { throw invalid('the property DurationHours is missing'); }
  if (read.startAfter !== undefined && read.endBefore !== undefined && read.startAfter >= read.endBefore) {
    throw invalid('StartTimeAfter must be before EndTimeBefore');
  }
  return read;
}

function planSpec(offering: Properties, spareCount: number | undefined): PlanSpec {
  const [instanceType, ultraServerType] = ['InstanceType', 'UltraServerType'].map(key => optionalText(offering, key));
  if ((instanceType === undefined) === (ultraServerType === undefined)) {
    throw invalid('exactly one of InstanceType and UltraServerType must be given');
  }
  const target = text(offering, 'TargetResource');
  return instanceType !== undefined
    ? { type: instanceType, count: positive(offering, 'InstanceCount'), ultraServers: false, target }
    : { type: ultraServerType!, count: positive(offering, 'UltraServerCount'), ultraServers: true, target, spares: spareCount };
}

function spares(properties: Properties): number | undefined {
  const given = optionalText(properties, 'SpareInstanceCountPerUltraServer');
  return given === undefined ? undefined : integer(given, 'SpareInstanceCountPerUltraServer', 0);
}

function selection(offering: Properties): OfferingSelection {
  const given = text(offering, 'Selection') as OfferingSelection;
  if (!OFFERING_SELECTIONS.includes(given)) { throw invalid(`Selection must be one of ${OFFERING_SELECTIONS.join(', ')}, got: ${given}`); }
  return given;
}

function cap(fee: Properties): Money {
  const read = money(text(fee, 'Amount'), text(fee, 'CurrencyCode'));
  if (!read) { throw invalid(`the amount of MaxUpfrontFee must be a decimal number such as 120000.00, got: ${text(fee, 'Amount')}`); }
  return read;
}

function subnets(offering: Properties): SubnetZone[] {
  const given = offering.Subnets ?? [];
  if (!Array.isArray(given)) { throw invalid('the property Subnets must be a list'); }
  return given.map((_, index) => {
    const subnet = record(given as unknown as Properties, String(index));
    return { SubnetId: text(subnet, 'SubnetId'), AvailabilityZone: text(subnet, 'AvailabilityZone') };
  });
}

/** A list; one text counts as a list with commas. */
function list(properties: Properties, key: string): string[] {
  const value = properties[key] ?? [];
  const items = Array.isArray(value) ? value : text(properties, key).split(',');
  return items.map((_, index) => optionalText(items as unknown as Properties, String(index))?.trim() ?? '').filter(item => item !== '');
}

function time(properties: Properties, key: string): number | undefined {
  const given = optionalText(properties, key);
  if (given === undefined) { return undefined; }
  const read = INSTANT.test(given) ? Date.parse(given) : NaN;
  if (Number.isNaN(read)) { throw invalid(`${key} must be an instant such as 2026-12-01T00:00:00Z, got: ${given}`); }
  return read;
}

function flag(properties: Properties, key: string): boolean {
  const given = optionalText(properties, key) ?? 'false';
  if (given !== 'true' && given !== 'false') { throw invalid(`${key} must be true or false, got: ${given}`); }
  return given === 'true';
}

function attempt(properties: Properties): number {
  return optionalText(properties, 'Attempt') === undefined ? 1 : positive(properties, 'Attempt');
}

function positive(properties: Properties, key: string): number {
  return integer(text(properties, key), key, 1);
}

function integer(given: string, key: string, least: number): number {
  const read = /^\d{1,9}$/.test(given) ? Number(given) : NaN;
  if (!(read >= least)) { throw invalid(`${key} must be a whole number from ${least}, got: ${given}`); }
  return read;
}

function matching(properties: Properties, key: string, form: Form, rule: string): string {
  const given = text(properties, key);
  if (!fits(form, given)) { throw invalid(`${key} ${rule}, got: ${given}`); }
  return given;
}

function invalid(message: string): HandlerError {
  return new HandlerError('InvalidProperties', message);
}
