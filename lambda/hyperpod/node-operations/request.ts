import type { NodeOperation, NodeOperationRequest } from '../../../src/private/contracts/node-operations';
import { shown } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';

/** What a member of a request must be, and how that is called. */
interface Shape {
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
}

type Shapes = Readonly<Record<string, Shape>>;

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (fits: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(fits);

const TEXT: Shape = { what: 'a text', fits: isText };
const NUMBER: Shape = { what: 'a number', fits: isNumber };
const FLAG: Shape = { what: 'true or false', fits: value => typeof value === 'boolean' };
const OBJECT: Shape = { what: 'an object', fits: isObject };
const ANYTHING: Shape = { what: 'given', fits: () => true };
const TEXTS: Shape = { what: 'a list of texts', fits: isListOf(isText) };
const NUMBERS: Shape = { what: 'a list of numbers', fits: isListOf(isNumber) };

const listOf = (shapes: Shapes): Shape => ({
  what: `a list of objects with ${Object.keys(shapes).join(', ')}`,
  fits: isListOf(value => isObject(value) && wrongIn(value as object, shapes) === undefined),
});
/** What may be missing. */
const optional = ({ what, fits }: Shape): Shape => ({ what, fits: value => value === undefined || fits(value) });

const CHANGE: Shapes = { NodeIds: optional(TEXTS), NodeLogicalIds: optional(TEXTS), FailOnFailedNodes: optional(FLAG) };

/** The members that each operation reads. Those that a rule of its own judges, which says more, may be anything. */
const REQUESTS: Readonly<Record<NodeOperation, Shapes>> = {
  ListNodes: {
    InstanceGroupNameContains: optional(TEXT),
    CreationTimeAfter: optional(TEXT),
    CreationTimeBefore: optional(TEXT),
    IncludeNodeLogicalIds: optional(FLAG),
  },
  DescribeNode: { NodeId: ANYTHING, NodeLogicalId: ANYTHING },
  RebootNodes: CHANGE,
  ReplaceNodes: CHANGE,
  RepairStep: {
    Action: TEXT,
    Nodes: optional(TEXTS),
    MaxAtOnce: NUMBER,
    PollSeconds: NUMBER,
    TimeoutSeconds: NUMBER,
    RequirePatched: FLAG,
    FailOnFailedNodes: FLAG,
    ControllerGroups: TEXTS,
    Memo: OBJECT,
  },
  RemediationStep: { Policy: OBJECT, Execution: TEXT, Event: ANYTHING, Memo: OBJECT },
};

/** The members of a policy that are no numbers: of those, the remediation says itself what is unclear, and to whom. */
const POLICY: Shapes = {
  Rules: listOf({ Contains: TEXT, Decision: TEXT }),
  ControllerGroups: TEXTS,
  Windows: listOf({ Days: NUMBERS, StartMinute: NUMBER, Minutes: NUMBER }),
};

/** Refuses a request that isn't one: states of users have their own ideas of what a list is. A null counts as left out. */
export function checkRequest(given: unknown): NodeOperationRequest {
  if (!isObject(given)) { throw new HandlerError('InvalidInput', `the input must be an object, got: ${shown(given)}`); }
  const request = Object.fromEntries(Object.entries(given as object).filter(([, value]) => value !== null));
  if (!isOperation(request.Operation)) { throw new HandlerError('InvalidInput', `unknown operation: ${shown(request.Operation)}`); }
  const wrong = wrongIn(request, { ClusterName: TEXT, ...REQUESTS[request.Operation] })
    ?? wrongIn((request.Memo ?? {}) as object, { Nodes: optional(TEXTS) })
    ?? (request.Operation === 'RemediationStep' ? wrongIn(request.Policy as object, POLICY) : undefined);
  if (wrong !== undefined) { throw new HandlerError('InvalidInput', wrong); }
  return request as unknown as NodeOperationRequest;
}

function isOperation(value: unknown): value is NodeOperation {
  return typeof value === 'string' && Object.hasOwn(REQUESTS, value);
}

/** The first member that isn't what it must be. */
function wrongIn(object: object, shapes: Shapes): string | undefined {
  const members = object as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(shapes).find(name => !shapes[name].fits(members[name]));
  return wrong === undefined ? undefined : `${wrong} must be ${shapes[wrong].what}, got: ${shown(members[wrong])}`;
}
