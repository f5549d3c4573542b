import type { ClusterNode } from '../../../../lambda/clients/hyperpod-reader';
import { document, inOrder, known, knownOfNode, selectFields } from '../../../../lambda/hyperpod/lookup/nodes';
import { NODES_FIELDS, NODE_FIELDS } from '../../../../src/private/contracts/hyperpod-lookup';

const NODE = {
  CurrentImageReleaseVersion: '1.0',
  ImageVersionStatus: 'UpToDate',
  InstanceGroupName: 'workers',
  InstanceId: 'i-1',
  InstanceStatus: { Status: 'Failure', Message: 'two\n  lines, and more' },
  InstanceType: 'ml.p5.48xlarge',
  LastSoftwareUpdateTime: new Date('2026-02-01T00:00:00.123Z'),
  LaunchTime: new Date('2026-01-01T00:00:00Z'),
  NodeLogicalId: 'workers-1',
  PrivateDnsHostname: 'ip-10-0-0-1',
  UltraServerInfo: { Id: 'us-1', Type: 'ml.u-p6e-gb200x72' },
} as unknown as ClusterNode;
const SILENT = {} as ClusterNode;
const VALUES = {
  CurrentImageReleaseVersion: '1.0',
  ImageVersionStatus: 'UpToDate',
  InstanceGroupName: 'workers',
  InstanceId: 'i-1',
  InstanceStatus: 'Failure',
  InstanceStatusMessage: 'two lines, and more',
  InstanceType: 'ml.p5.48xlarge',
  LastSoftwareUpdateTime: '2026-02-01T00:00:00Z',
  LaunchTime: '2026-01-01T00:00:00Z',
  NodeLogicalId: 'workers-1',
  PrivateDnsHostname: 'ip-10-0-0-1',
  UltraServerId: 'us-1',
  UltraServerType: 'ml.u-p6e-gb200x72',
};

test('every field of nodes, in their order, with a place for each that has none of it', () => {
  expect(selectFields([NODE], NODES_FIELDS)).toEqual({ Count: '1', ...VALUES });
  expect(selectFields([NODE, SILENT], ['InstanceId', 'InstanceStatusMessage', 'Count'])).toEqual({
    InstanceId: 'i-1,', InstanceStatusMessage: 'two lines, and more\n', Count: '2',
  });
  expect(new Set(Object.values(selectFields([SILENT], NODE_FIELDS)))).toEqual(new Set(['']));
  expect(selectFields([{ InstanceStatus: {} } as ClusterNode], ['InstanceStatus', 'InstanceStatusMessage'])).toEqual({ InstanceStatus: '', InstanceStatusMessage: '' });
});

test('the document has what is known of each node', () => {
  expect(JSON.parse(document([NODE, SILENT], NODE_FIELDS))).toEqual([VALUES, {}]);
  expect(document([NODE], ['InstanceId'])).toBe('[{"InstanceId":"i-1"}]');
});

test('nodes are in the order of group, age and ids', () => {
  const at = (day: number) => ({ LaunchTime: new Date(Date.UTC(2026, 0, day)) });
  const nodes = [
    { InstanceGroupName: 'b', ...at(1) },
    { InstanceGroupName: 'a', ...at(2), NodeLogicalId: '1' },
    { InstanceGroupName: 'a', ...at(1), NodeLogicalId: '3', InstanceId: 'i-2' },
    { InstanceGroupName: 'a', ...at(1), NodeLogicalId: '3', InstanceId: 'i-1' },
    { InstanceGroupName: 'a', ...at(1), NodeLogicalId: '2', InstanceId: 'i-3' },
    { InstanceGroupName: 'a' },
    { InstanceGroupName: 'a-a' },
  ] as ClusterNode[];
  const sorted = [5, 4, 3, 2, 1, 6, 0].map(index => nodes[index]);
  expect(inOrder(nodes)).toEqual(sorted);
  expect(inOrder([...nodes].reverse())).toEqual(sorted);
});

test('an answer has room for three thousand bytes, not one more', () => {
  const frame = JSON.stringify({ InstanceId: 'é' }).length + 1;
  const node = (bytes: number) => [{ InstanceId: `é${'x'.repeat(bytes - frame)}` } as ClusterNode];
  expect(selectFields(node(3_000), ['InstanceId']).InstanceId).toHaveLength(3_000 - frame + 1);
  expect(() => selectFields(node(3_001), ['InstanceId'])).toThrow(expect.objectContaining({
    code: 'TooManyNodes',
    message: 'there are 1, which make 3001 bytes of InstanceId; an answer has room for 3000: use fewer attributes, look up one instance group, '
      + 'or have the list written to a parameter or an object by `output`',
  }));
  expect(() => selectFields(node(3_000), ['Count', 'InstanceId'])).toThrow('bytes of Count, InstanceId;');
});

test.each(['Moon', 'toString'])('the field %s is unknown', field => {
  const message = (all: readonly string[]) => expect.objectContaining({ code: 'InvalidProperties', message: `unknown field: ${field}; known are ${all.join(', ')}` });
  expect(() => known(field)).toThrow(message(NODES_FIELDS));
  expect(() => knownOfNode(field)).toThrow(message(NODE_FIELDS));
  expect([known('Count'), knownOfNode('InstanceId')]).toEqual(['Count', 'InstanceId']);
  expect(() => knownOfNode('Count')).toThrow('unknown field: Count');
});
