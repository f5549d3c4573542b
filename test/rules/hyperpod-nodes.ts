import { CfnParameter, Duration, Stack, type App } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { RuleCases } from './harness';
import {
  Cluster, FaultAction, NodeList, NodeRemediation, NodeRepair, NodeTaskIntegration, RebootClusterNodes, RemediationMode,
  type ICluster, type NodeRemediationProps, type RebootClusterNodesProps, type NodeRepairReplaceProps,
} from '../../src/hyperpod';

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

const clusterOf = (stack: Stack, arn = CLUSTER_ARN): ICluster =>
  stack.node.tryFindChild('Pod') as ICluster | undefined ?? Cluster.fromClusterArn(stack, 'Pod', arn);
const instanceIds = (count: number) => Array.from({ length: count }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
const nodes = (count: number) => NodeList.of(...instanceIds(count));
const machine = (stack: Stack, state: sfn.IChainable, queryLanguage?: sfn.QueryLanguage) =>
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(state), queryLanguage });

/** A state machine with one reboot. */
const reboot = (props: Partial<RebootClusterNodesProps>) => (stack: Stack) => {
  machine(stack, new RebootClusterNodes(stack, 'Reboot', { cluster: clusterOf(stack), ...props }));
};
const repair = (props: Partial<NodeRepairReplaceProps>) => (stack: Stack) => {
  machine(stack, NodeRepair.replace(stack, 'Repair', { cluster: clusterOf(stack), nodes: nodes(1), ...props }));
};
const remediation = (props: Partial<NodeRemediationProps>, id = 'Remediation') => (stack: Stack) => {
  new NodeRemediation(stack, id, { cluster: clusterOf(stack), ...props });
};
const ACTING = { mode: RemediationMode.REPAIR };
const window = (start: string, duration = Duration.hours(1), days?: number[]) =>
  remediation({ maintenanceWindows: [{ start, duration, days }] });

/** A time that is known at deployment. */
const seconds = (stack: Stack) => Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);

/** Programs on both sides of the rules of operations on nodes. */
export const NODE_CASES = {
  nodesNone: {
    refused: {
      'no list': reboot({}),
      'an empty list': reboot({ nodeIds: NodeList.of() }),
      'an empty list beside a full one': reboot({ nodeIds: nodes(1), nodeLogicalIds: NodeList.of() }),
    },
    accepted: {
      'one list': reboot({ nodeIds: nodes(1) }),
      'a list that is known when it runs': reboot({ nodeIds: NodeList.fromJsonPathAt('$.ids') }),
    },
  },
  nodesPerCall: {
    refused: {
      '26 instances': reboot({ nodeIds: nodes(26) }),
      '25 instances and a logical id': reboot({ nodeIds: nodes(25), nodeLogicalIds: NodeList.of('workers-1') }),
    },
    accepted: { '25 over both lists': reboot({ nodeIds: nodes(24), nodeLogicalIds: NodeList.of('workers-1') }) },
  },
  nodesPerRun: {
    refused: {
      'no node': repair({ nodes: NodeList.of() }),
      '5001 nodes': repair({ nodes: nodes(5001) }),
      '2000 logical ids of 100 characters': repair({ nodes: NodeList.of(...Array.from({ length: 2000 }, (_, index) => `node-${index}-`.padEnd(100, 'x'))) }),
    },
    accepted: {
      '5000 nodes': repair({ nodes: nodes(5000) }),
      'a list that is known when it runs': repair({ nodes: NodeList.fromJsonPathAt('$.nodes') }),
    },
  },
  nodeId: {
    refused: {
      'a logical id': reboot({ nodeIds: NodeList.of('workers-1') }),
      '16 digits': reboot({ nodeIds: NodeList.of('i-0123456789abcdef') }),
    },
    accepted: { '8 and 17 digits': reboot({ nodeIds: NodeList.of('i-01234567', 'i-0123456789abcdef0') }) },
  },
  nodeLogicalId: {
    refused: {
      'a hyphen at the end': reboot({ nodeLogicalIds: NodeList.of('workers-') }),
      '129 characters': reboot({ nodeLogicalIds: NodeList.of('a'.repeat(129)) }),
      'an underscore, in a repair': repair({ nodes: NodeList.of('workers_1') }),
    },
    accepted: {
      '2 and 128 characters': reboot({ nodeLogicalIds: NodeList.of('a1', 'a'.repeat(128)) }),
      'both kinds in a repair': repair({ nodes: NodeList.of('workers-1', 'i-01234567') }),
    },
  },
  nodeListLanguage: {
    refused: {
      'JSONata in a state of JSONPath': reboot({ nodeIds: NodeList.fromJsonata('{% $states.input.ids %}') }),
      'JSONPath in a state of JSONata': reboot({ nodeIds: NodeList.fromJsonPathAt('$.ids'), queryLanguage: sfn.QueryLanguage.JSONATA }),
      'JSONata in a repair': repair({ nodes: NodeList.fromJsonata('{% $states.input.ids %}') }),
    },
    accepted: {
      'JSONata in a state of JSONata': reboot({
        nodeIds: NodeList.fromJsonata('{% $states.input.ids %}'), queryLanguage: sfn.QueryLanguage.JSONATA,
      }),
      'JSONata in a state machine of JSONata': stack => {
        machine(stack, new RebootClusterNodes(stack, 'Reboot', {
          cluster: clusterOf(stack), nodeIds: NodeList.fromJsonata('{% $states.input.ids %}'),
        }), sfn.QueryLanguage.JSONATA);
      },
      'literal ids in either': reboot({ nodeIds: nodes(1), queryLanguage: sfn.QueryLanguage.JSONATA }),
    },
  },
  failedNodesBySdk: {
    refused: { 'an error of the SDK integration': reboot({ nodeIds: nodes(1), failOnFailedNodes: true, integration: NodeTaskIntegration.AWS_SDK }) },
    accepted: {
      'an error of our function': reboot({ nodeIds: nodes(1), failOnFailedNodes: true }),
      'the SDK integration without': reboot({ nodeIds: nodes(1), integration: NodeTaskIntegration.AWS_SDK }),
    },
  },
  repairLimit: {
    refused: {
      'no node at once': repair({ maxNodesAtOnce: 0 }),
      'half a node': repair({ maxNodesAtOnce: 0.5 }),
      'no node a day': remediation({ limits: { maxNodesPerDay: 0 } }),
    },
    accepted: { 'one node': repair({ maxNodesAtOnce: 1 }), 'many a day': remediation({ limits: { maxNodesPerDay: 500 } }) },
  },
  repairPercent: {
    refused: { none: remediation({ limits: { maxPercentAtOnce: 0 } }), 101: remediation({ limits: { maxPercentPerDay: 101 } }) },
    accepted: { '1 and 100': remediation({ limits: { maxPercentAtOnce: 1, maxPercentPerDay: 100 } }) },
  },
  repairWait: {
    refused: {
      'half a minute between looks': repair({ pollInterval: Duration.seconds(30) }),
      'a timeout below the interval': repair({ pollInterval: Duration.minutes(10), timeout: Duration.minutes(9) }),
      'a reboot of half a minute': remediation({ rebootTimeout: Duration.seconds(30) }),
    },
    accepted: {
      'a minute': repair({ pollInterval: Duration.minutes(1), timeout: Duration.minutes(1) }),
      'a timeout that is known at deployment': stack => repair({ timeout: seconds(stack) })(stack),
      'an interval that is known at deployment': stack => repair({ pollInterval: seconds(stack) })(stack),
    },
  },
  remediationMemory: {
    refused: {
      'a fault that waits for 31 days': remediation({ maxDelay: Duration.days(31) }),
      'a recurrence after 30 days and a minute': remediation({ recurrenceWindow: Duration.minutes(30 * 24 * 60 + 1) }),
    },
    accepted: { '30 days': remediation({ maxDelay: Duration.days(30), recurrenceWindow: Duration.days(30) }) },
  },
  faultText: {
    refused: { blanks: remediation({ faultRules: [{ contains: ' ', action: FaultAction.LEAVE }] }) },
    accepted: { 'a word': remediation({ faultRules: [{ contains: 'Xid 79', action: FaultAction.REPLACE }] }) },
  },
  windowStart: {
    refused: { '24:00': window('24:00'), 'an hour alone': window('22'), 'three digits': window('022:00'), 'seconds': window('22:00:00') },
    accepted: { 'the first and the last minute': stack => { window('00:00')(stack); }, '23:59': window('23:59') },
  },
  windowLength: {
    refused: { 'nothing': window('22:00', Duration.minutes(0)), 'half a minute': window('22:00', Duration.seconds(30)), 'more than a week': window('22:00', Duration.minutes(7 * 24 * 60 + 1)) },
    accepted: { 'a minute': window('22:00', Duration.minutes(1)), 'a week': window('22:00', Duration.days(7)) },
  },
  windowDays: {
    refused: { 'no day': window('22:00', Duration.hours(1), []) },
    accepted: { 'one day': window('22:00', Duration.hours(1), [0]), 'every day': window('22:00') },
  },
  remediationElsewhere: {
    concrete: true,
    refused: {
      'another Region': stack => {
        const cluster = Cluster.fromClusterArn(stack, 'Pod', 'arn:aws:sagemaker:eu-west-1:111122223333:cluster/a1b2c3d4e5f6');
        new NodeRemediation(stack, 'Remediation', { cluster });
      },
      'another account': stack => {
        const cluster = Cluster.fromClusterArn(stack, 'Pod', 'arn:aws:sagemaker:us-east-1:444455556666:cluster/a1b2c3d4e5f6');
        new NodeRemediation(stack, 'Remediation', { cluster });
      },
    },
    accepted: { 'the same place': remediation({}) },
  },
  remediationTwice: {
    refused: {
      'two for one cluster': stack => {
        remediation(ACTING)(stack);
        remediation(ACTING, 'Other')(stack);
      },
      'two for one ARN': stack => {
        remediation(ACTING)(stack);
        new NodeRemediation(stack, 'Other', { cluster: Cluster.fromClusterArn(stack, 'Pod2', CLUSTER_ARN), ...ACTING });
      },
      'two for one ARN in two stacks': stack => {
        remediation(ACTING)(stack);
        const second = new Stack(stack.node.root as App, 'Second');
        new NodeRemediation(second, 'Other', { cluster: Cluster.fromClusterArn(second, 'Pod2', CLUSTER_ARN), ...ACTING });
      },
    },
    accepted: {
      'one that repairs and two that report': stack => {
        remediation(ACTING)(stack);
        remediation({}, 'Other')(stack);
        remediation({ mode: RemediationMode.REPORT }, 'Third')(stack);
      },
      'two clusters': stack => {
        remediation(ACTING)(stack);
        const other = Cluster.fromClusterArn(stack, 'Pod2', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/z9y8x7w6v5u4');
        new NodeRemediation(stack, 'Other', { cluster: other, ...ACTING });
      },
    },
  },
} satisfies Partial<RuleCases<string>>;

/** What is said of operations: the property at fault, as its author wrote it, and its value in a unit. */
export const SAID_OF_NODES: Record<string, (stack: Stack) => void> = {
  '`pollInterval` must be at least a minute, and no shorter than the interval of polling, got: "30 s"': repair({ pollInterval: Duration.seconds(30) }),
  '`timeout` must be at least a minute, and no shorter than the interval of polling, got: "45 s"': repair({ pollInterval: Duration.seconds(30), timeout: Duration.seconds(45) }),
  '`maxDelay` must': remediation({ maxDelay: Duration.days(31) }),
  'got: "31 days"': remediation({ maxDelay: Duration.days(31) }),
  '`maintenanceWindows[0].start` must': window('24:00'),
  '`maintenanceWindows[0].duration` must': window('22:00', Duration.minutes(0)),
  'got: "0.5 minutes"': window('22:00', Duration.seconds(30)),
};
