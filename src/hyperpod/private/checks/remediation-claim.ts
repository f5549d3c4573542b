import { ArnFormat, Aws, CfnElement, CfnResource, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { CLAIM_PATH_VARIABLE, CLAIM_RESOURCE_VARIABLE, CLAIM_STACK_VARIABLE } from '../../../private/contracts/node-operations';
import type { HandlerFunction } from '../../../private/handlers/handler-function';
import { describe } from '../../../private/problems';
import { isInTree, registryOf } from '../../../private/registry';
import { CLAIM_CHECK_ACTIONS, CLAIM_READ_ACTIONS, CLAIM_WRITE_ACTIONS } from '../facts/perms';
import { RULES } from '../rules';

/** Records are written once, also by code that asks for more: an overwritten one would let two remediations act. */
const ONCE = { StringNotEquals: { 'ssm:Overwrite': 'true' } };

/** The claim of a remediation on its cluster, which it makes when it first acts. Decision 0012 says why it is no resource. */
export class ClusterClaim {
  private readonly path: string;

  public constructor(private readonly scope: Construct, clusterArn: string) {
    const { resourceName: clusterId } = Stack.of(scope).splitArn(clusterArn, ArnFormat.SLASH_RESOURCE_NAME);
    this.path = `cdk-hpc-clusters/remediation/${clusterId}`;
  }

  /** What the function has to know of it. The remediation is known by its state machine. */
  public get environment(): Record<string, string> {
    return {
      [CLAIM_PATH_VARIABLE]: `/${this.path}`,
      [CLAIM_STACK_VARIABLE]: Aws.STACK_ID,
      [CLAIM_RESOURCE_VARIABLE]: Token.asString({ // nothing but its id: it is made after the function
        creationStack: [],
        resolve: () => Stack.of(this.scope).getLogicalId(this.scope.node.findChild('Resource').node.defaultChild as CfnElement),
      }),
    };
  }

  /** Lets the function make the claim, and see whether whoever has it is still there, in whichever stack. */
  public grant(handler: HandlerFunction): void {
    const stack = Stack.of(this.scope);
    const parameter = (resourceName: string) => stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName });
    handler.allow(CLAIM_READ_ACTIONS, [parameter(this.path)]);
    handler.allow(CLAIM_WRITE_ACTIONS, [parameter(`${this.path}/*`)], ONCE);
    handler.allow(CLAIM_CHECK_ACTIONS, [stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*' })]);
  }
}

/** A remediation of the app, as copies of this library note it for one another. */
interface Noted {
  readonly remediation: IConstruct;
  readonly clusterArn: string;
}

const notes = (remediation: IConstruct) => registryOf<Noted>(remediation.node.root, 'remediations');

/** Notes a remediation in its app. */
export function noteRemediation(remediation: IConstruct, clusterArn: string): void {
  notes(remediation).set(remediation.node.path, { remediation, clusterArn });
}

/** Each remediation has a state of its own. Two of them would repair one node twice. */
export function findTwins(me: IConstruct): string[] {
  const all = [...notes(me).values()].filter(({ remediation }) => isInTree(remediation));
  const mine = keyOf(all.find(({ remediation }) => remediation === me)!);
  const twins = all.filter(each => keyOf(each) === mine).map(({ remediation }) => remediation);
  if (twins.length < 2 || twins[0] === me) { return []; }
  return [describe(RULES.remediationTwice, { property: 'cluster', got: twins.map(each => each.node.path) })];
}

/** What two remediations of one cluster have in common, as far as synthesis knows: the ARN, the resource, or what stands for either. */
function keyOf({ remediation, clusterArn }: Noted): string {
  const stack = Stack.of(remediation);
  const token = Tokenization.reverseString(clusterArn);
  const [first] = token.tokens;
  if (token.length === 1 && Reference.isReference(first)) { return `${first.target.node.path} ${attributeOf(first)}`; }
  const resolved: unknown = stack.resolve(clusterArn);
  const text = joined(resolved, { 'AWS::Partition': 'aws', 'AWS::Region': stack.region, 'AWS::AccountId': stack.account });
  return text === undefined || Token.isUnresolved(text) ? `${stack.node.path} ${JSON.stringify(resolved)}` : text.replace(/^arn:[^:]*:/, 'arn:*:');
}

/** The attribute that a reference gives. The Ref of a cluster, which its L1 has in `clusterRef`, is its ARN. */
function attributeOf({ target, displayName }: Reference): string {
  const isCluster = CfnResource.isCfnResource(target) && target.cfnResourceType === 'AWS::SageMaker::Cluster';
  return isCluster && displayName === 'Ref' ? 'ClusterArn' : displayName;
}

/** The text that an intrinsic stands for, where nothing but the place of its stack is left open. */
function joined(value: unknown, known: Readonly<Record<string, string>>): string | undefined {
  if (typeof value === 'string') { return value; }
  const { Ref, 'Fn::Join': join } = value as { 'Ref'?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) { return known[Ref]; }
  const parts = join?.[1].map(part => joined(part, known));
  return parts?.every(part => part !== undefined) === true ? parts.join(join![0]) : undefined;
}
