import { NO_CLAIM, RecordedClaim } from '../../../../lambda/hyperpod/node-operations/claim';

const PATH = '/cdk-hpc-clusters/remediation/pod';
const NOW = Date.parse('2026-06-01T12:00:00Z');
const record = (stack: string, resource = 'Remediation') => JSON.stringify({ Stack: stack, Resource: resource, Since: new Date(NOW).toISOString() });
let records: Map<string, string>;
/** Resources by stack and id. */
let resources: Record<string, string | undefined>;
let fail: (call: string) => void;

const claim = (stack = 'mine', logicalId = 'Remediation') => new RecordedClaim(PATH, { stackId: stack, logicalId }, {
  put: async (name, value) => {
    fail('put');
    if (records.has(name)) { return false; }
    records.set(name, value);
    return true;
  },
  readAll: async () => {
    fail('read');
    return new Map(records);
  },
}, {
  resource: async (stackId, resource) => {
    fail('stack');
    const status = resources[`${stackId}/${resource}`];
    return status === undefined ? undefined : { status };
  },
}, () => NOW);

beforeEach(() => { [records, resources, fail] = [new Map(), {}, () => undefined]; });

test('is made where nobody has it, and stays', async () => {
  expect(await claim().hold()).toEqual({ state: 'Held' });
  expect(await claim().hold()).toEqual({ state: 'Held' });
  expect([...records]).toEqual([[`${PATH}/1`, record('mine')]]);
});

test.each(['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_SKIPPED'])(
  'is that of another while its stack contains it: %s', async status => {
    records.set(`${PATH}/1`, record('theirs'));
    resources['theirs/Remediation'] = status;
    expect(await claim().hold()).toMatchObject({ state: 'Other', message: expect.stringContaining('theirs') });
    expect(records.size).toBe(1);
  });

test('is another one\'s also within one stack', async () => {
  records.set(`${PATH}/1`, record('mine', 'Other'));
  resources['mine/Other'] = 'CREATE_COMPLETE';
  expect((await claim().hold()).state).toBe('Other');
});

test.each([undefined, 'DELETE_COMPLETE'])('is taken over once the stack no longer contains its holder, and he has lost it: %s', async status => {
  records.set(`${PATH}/9`, record('former'));
  resources['former/Remediation'] = status;
  expect(await claim().hold()).toEqual({ state: 'Held', takenOverAt: NOW });
  expect(await claim().hold()).toEqual({ state: 'Held', takenOverAt: NOW });
  expect(records.get(`${PATH}/10`)).toBe(record('mine'));
  resources['mine/Remediation'] = 'CREATE_COMPLETE';
  expect((await claim('former').hold()).state).toBe('Other');
});

test('is that of one of two who ask at once', async () => {
  resources['a/Remediation'] = resources['b/Remediation'] = 'CREATE_COMPLETE';
  const answers = await Promise.all([claim('a').hold(), claim('b').hold()]);
  expect(answers.map(({ state }) => state).sort()).toEqual(['Held', 'Other']);
});

test('is nobody\'s where what is read is older than what is written', async () => {
  expect(await stale(Infinity, false)).toMatchObject({ state: 'Unknown', later: true, message: expect.stringContaining('others were faster') });
});

test('counts once it is read back, which may take some looks', async () => {
  expect(await stale(3, true)).toEqual({ state: 'Held' });
  expect(await stale(3, false)).toEqual({ state: 'Held' }); // written by an earlier try, whose answer was lost
  expect(await stale(Infinity, true)).toMatchObject({ state: 'Unknown', later: true, message: `${PATH}/1 was written and can't be read yet` });
});

/** What a claim comes to whose record isn't seen in the first looks. */
async function stale(looks: number, isNew: boolean) {
  let [reads, writes] = [0, 0];
  const answer = await new RecordedClaim(PATH, { stackId: 'mine', logicalId: 'Remediation' }, {
    put: async () => ++writes === 1 && isNew,
    readAll: async () => new Map(++reads > looks ? [[`${PATH}/1`, record('mine')]] : []),
    pause: async milliseconds => { expect(milliseconds).toBeGreaterThan(0); },
  }, { resource: async () => undefined }, () => NOW).hold();
  expect(writes).toBe(1);
  return answer;
}

test.each([['{', '1'], ['{"Stack":1,"Resource":"x"}', '1'], ['{"Stack":"mine","Resource":"Remediation"}', '1'], [record('mine'), 'x'], [record('mine'), '01']])('is unknown where it can not be understood: %s at %s', async (value, name) => {
  records.set(`${PATH}/${name}`, value);
  expect(await claim().hold()).toMatchObject({ state: 'Unknown', later: false });
});

test.each(['read', 'put', 'stack'])('is unknown where it must not be asked for: %s', async call => {
  if (call === 'stack') { records.set(`${PATH}/1`, record('theirs')); }
  const refuse = (name: string) => { fail = asked => { if (asked === call) { throw Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 400 } }); } }; };
  refuse('AccessDeniedException');
  expect(await claim().hold()).toMatchObject({ state: 'Unknown', later: false, message: expect.stringContaining('AccessDeniedException') });
  refuse('ThrottlingException');
  expect(await claim().hold()).toMatchObject({ state: 'Unknown', later: true });
});

test('is none of a function that is not told what to claim', async () => {
  expect(await NO_CLAIM.hold()).toMatchObject({ state: 'Unknown', later: false });
});
