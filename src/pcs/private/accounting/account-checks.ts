import type { IConstruct } from 'constructs';
import { ClusterAccounting, type AccountEntry } from './cluster-accounting';
import { SLURMS_OWN } from '../../../private/contracts/pcs-accounting';
import { checkForm } from '../../../private/forms';
import { describe, isConcrete, warn, type Problems } from '../../../private/problems';
import type { BudgetChoice } from '../../vocabulary/gpu-budget';
import { RULES } from '../rules';
import type { Named } from '../settings';

/** What an account is given that isn't in its entry. */
export interface AccountGiven {
  readonly parent?: IConstruct;
  readonly fairShareWeight?: number;
  readonly qos?: readonly (IConstruct & { readonly qosName: string })[];
  readonly defaultQos?: IConstruct & { readonly qosName: string };
}

/** Limits of a group, which hold for what is below it, too. */
const OF_GROUPS = /^Grp/;

/** Checks an account by itself, and against what others of its cluster are. */
export function checkAccount(problems: Problems, given: AccountGiven, entry: AccountEntry, accounting: ClusterAccounting): void {
  const { name, users, defaultFor } = entry;
  checkForm(problems, RULES.accountName, 'accountName', name);
  if (name === SLURMS_OWN.Account) { problems.add(RULES.accountRoot, { property: 'accountName', got: name }); }
  if (isConcrete(name) && accounting.accounts.some(other => other.name === name)) { problems.add(RULES.accountNameTwice, { property: 'accountName', got: name }); }
  const { fairShareWeight } = given;
  if (isConcrete(fairShareWeight) && !(Number.isSafeInteger(fairShareWeight) && fairShareWeight >= 0)) {
    problems.add(RULES.limitNumber, { property: 'fairShareWeight', got: fairShareWeight });
  }
  checkMembers(problems, accounting, { parent: given.parent, defaultQos: given.defaultQos });
  given.qos?.forEach((qos, index) => checkMembers(problems, accounting, { [`qos[${index}]`]: qos }));
  if (given.qos && given.defaultQos) {
    checkDefaultQos(problems, given.qos.map(qos => accounting.qosNameOf(qos)), accounting.qosNameOf(given.defaultQos));
  }
  checkBudgets(problems, { budget: entry.budget, userBudget: entry.userBudget });
  if (users === undefined) {
    const without = Object.entries({ defaultAccountOf: defaultFor.length > 0, userLimits: Object.keys(entry.userLimits).length > 0 });
    without.filter(([, isGiven]) => isGiven).forEach(([property]) => problems.add(RULES.usersMissing, { property }));
    return;
  }
  const strangers = users.every(isConcrete) ? defaultFor.filter(user => isConcrete(user) && !users.includes(user)) : [];
  if (strangers.length > 0) { problems.add(RULES.defaultAccountUsers, { property: 'defaultAccountOf', got: strangers }); }
  const twice = defaultFor.filter(user => isConcrete(user) && accounting.accounts.some(other => other.defaultFor.includes(user)));
  if (twice.length > 0) { problems.add(RULES.defaultAccountTwice, { property: 'defaultAccountOf', got: twice }); }
}

/** Refuses accounts and qualities of service of another cluster. */
export function checkMembers(
  problems: Problems, accounting: ClusterAccounting, members: Readonly<Record<string, IConstruct | undefined>>,
): void {
  for (const [property, member] of Object.entries(members)) {
    if (member && ClusterAccounting.isOfOther(member, accounting)) {
      problems.add(RULES.accountOfOtherCluster, { property, got: member.node.path });
    }
  }
}

function checkDefaultQos(problems: Problems, names: readonly string[], defaultName: string): void {
  if ([...names, defaultName].every(isConcrete) && !names.includes(defaultName)) {
    problems.add(RULES.defaultQosMissing, { property: 'defaultQos', got: defaultName });
  }
}

function checkBudgets(problems: Problems, budgets: Readonly<Record<string, BudgetChoice | undefined>>): void {
  for (const [property, budget] of Object.entries(budgets)) {
    if (budget?.period === 'TOTAL') { problems.add(RULES.budgetTotal, { property }); }
  }
}

/** Advice on an account by itself. */
export function adviseAccount(scope: IConstruct, { users = [], defaultFor }: AccountEntry, slurmdbd: Named | undefined): void {
  const parameters = slurmdbd?.Parameters;
  const keepsCase = parameters !== undefined && (!isConcrete(parameters) || /preservecaseuser/i.test(parameters));
  const capitals = [...new Set([...users, ...defaultFor])].filter(user => isConcrete(user) && user !== user.toLowerCase());
  if (capitals.length > 0 && !keepsCase) { warn(scope, RULES.userNameCapitals, { property: 'users', got: capitals }); }
}

/** Judges an account among all others, when the app is complete. */
export function judgeAccount(entry: AccountEntry, accounting: ClusterAccounting): string[] {
  const { accounts } = accounting;
  adviseUsers(entry, accounts);
  const children = accounts.filter(({ parentName }) => isConcrete(entry.name) && parentName === entry.name);
  adviseBudgets(entry, children);
  const ancestors = ancestorsOf(entry, accounts);
  if (ancestors.includes(entry)) {
    return [describe(RULES.accountCycle, { property: 'parent', got: [entry, ...ancestors].map(({ name }) => name) })];
  }
  adviseLimits(entry, ancestors);
  return [];
}

/** The accounts of the app above one, the nearest first. In a circle, the last one is the account itself, or one that was met before. */
function ancestorsOf(entry: AccountEntry, accounts: readonly AccountEntry[]): AccountEntry[] {
  const found: AccountEntry[] = [];
  for (let below = entry; ;) {
    const parent = accounts.find(({ name }) => isConcrete(name) && name === below.parentName);
    if (!parent || found.includes(parent)) { return found; }
    found.push(parent);
    if (parent === entry) { return found; }
    below = parent;
  }
}

/** Users of several accounts, of which none is said to be their default one: told at the first of the accounts. */
function adviseUsers(entry: AccountEntry, accounts: readonly AccountEntry[]): void {
  const open = (entry.users ?? []).filter(user => {
    const theirs = isConcrete(user) ? accounts.filter(({ users }) => users?.includes(user)) : [];
    return theirs.length > 1 && theirs[0] === entry && !theirs.some(({ defaultFor }) => defaultFor.includes(user));
  });
  if (open.length > 0) { warn(entry.construct, RULES.defaultAccountOpen, { property: 'users', got: open }); }
}

/** Budgets of the accounts below one that are more together than its own. */
function adviseBudgets({ construct, budget }: AccountEntry, children: readonly AccountEntry[]): void {
  if (!budget) { return; }
  const parts = children.map(child => child.budget).filter(part => part !== undefined)
    .filter(({ gpuType }) => budget.gpuType === undefined || budget.gpuType === gpuType);
  const sumOfParts = parts.reduce((sum, { gpuHours }) => sum + gpuHours, 0);
  if (sumOfParts > budget.gpuHours) { warn(construct, RULES.budgetsAboveParent, { property: 'budget', got: { gpuHours: budget.gpuHours, sumOfParts } }); }
}

/** Limits that an account above has lower, so that its own are never reached. */
function adviseLimits(entry: AccountEntry, ancestors: readonly AccountEntry[]): void {
  for (const [name, value] of Object.entries(entry.limits)) {
    if (!OF_GROUPS.test(name)) { continue; }
    const above = ancestors.filter(({ limits }) => exceeds(value, (limits as Record<string, string | undefined>)[name]));
    if (above.length > 0) {
      const [{ name: account, limits }] = above;
      warn(entry.construct, RULES.limitAboveParent, {
        property: `limits (${name})`, got: { own: value, account, itsOwn: (limits as Record<string, string | undefined>)[name] },
      });
    }
  }
}

/** Whether a limit is above another one: in number, or in the number of some resource. */
function exceeds(value: string, other: string | undefined): boolean {
  if (other === undefined) { return false; }
  const others = numbersOf(other);
  return [...numbersOf(value)].some(([resource, count]) => count > (others.get(resource) ?? Infinity));
}

/** The numbers of a limit, by their resources, or by nothing where it has none. Those that are known at deployment aren't among them. */
function numbersOf(limit: string): Map<string, number> {
  const parts = limit.split(',').map(part => part.includes('=') ? part.split('=') : ['', part]);
  return new Map(parts.filter(([, count]) => /^\d+$/.test(count)).map(([resource, count]) => [resource, Number(count)]));
}
