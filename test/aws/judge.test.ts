import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Judge, type Judgement } from './judge';
import { ServiceError } from './service';

/** A service in the form of botocore's models, with one of each kind of constraint. */
const WORKSHOP = {
  metadata: { protocol: 'json' },
  operations: {
    MakeTool: { input: { shape: 'MakeToolRequest' }, output: { shape: 'Tool' }, errors: [{ shape: 'TooManyTools' }] },
    Sweep: {},
  },
  shapes: {
    MakeToolRequest: {
      type: 'structure',
      required: ['Name'],
      members: { Name: { shape: 'Name' }, Kind: { shape: 'Kind' }, Parts: { shape: 'Tools' }, Tags: { shape: 'Tags' }, Weight: { shape: 'Weight' }, Due: { shape: 'Time' } },
    },
    Tool: { type: 'structure', required: ['Name'], members: { Name: { shape: 'Name' }, Parts: { shape: 'Tools' }, Sharp: { shape: 'Sharp' } } },
    Tools: { type: 'list', min: 1, max: 2, member: { shape: 'Tool' } },
    Tags: { type: 'map', max: 1, key: { shape: 'Name' }, value: { shape: 'Name' } },
    Name: { type: 'string', min: 2, max: 5, pattern: '[a-z]+\\-?[a-z]*' },
    Kind: { type: 'string', enum: ['Saw', 'File'] },
    Weight: { type: 'float', max: 3 },
    Sharp: { type: 'boolean' },
    Time: { type: 'timestamp' },
    TooManyTools: { type: 'structure', required: ['Limit'], exception: true, members: { message: { shape: 'Kind' }, Limit: { shape: 'Weight' } } },
  },
};

/** The same for the query protocols, where names on the wire differ from those of members. */
const STORE = {
  metadata: { protocol: 'ec2' },
  operations: { FindBoxes: { input: { shape: 'FindRequest' }, output: { shape: 'FindResult' } } },
  shapes: {
    FindRequest: { type: 'structure', members: { Filters: { shape: 'Filters', locationName: 'Filter' }, Most: { shape: 'Count', locationName: 'most' } } },
    Filters: { type: 'list', max: 2, member: { shape: 'Filter', locationName: 'Filter' } },
    Filter: { type: 'structure', members: { Name: { shape: 'Text' }, Values: { shape: 'Texts', locationName: 'Value' } } },
    Texts: { type: 'list', member: { shape: 'Text', locationName: 'item' } },
    Text: { type: 'string', max: 4 },
    Count: { type: 'integer', max: 9 },
    FindResult: { type: 'structure', members: { Boxes: { shape: 'Boxes', locationName: 'boxSet' } } },
    Boxes: { type: 'list', member: { shape: 'Box', locationName: 'item' } },
    Box: { type: 'structure', members: { Id: { shape: 'Text', locationName: 'boxId' }, Full: { shape: 'Flag', locationName: 'full' } } },
    Flag: { type: 'boolean' },
  },
};

/** The REST protocol, where members are anywhere but in the body. */
const SHELF = {
  metadata: { protocol: 'rest-xml' },
  operations: { PutBook: { http: { method: 'PUT', requestUri: '/{Shelf}/{Title+}' }, input: { shape: 'PutBookRequest' }, output: { shape: 'PutBookResult' } } },
  shapes: {
    PutBookRequest: {
      type: 'structure',
      required: ['Shelf', 'Title'],
      members: {
        Shelf: { shape: 'Text', location: 'uri', locationName: 'Shelf' },
        Title: { shape: 'Text', location: 'uri', locationName: 'Title' },
        Pages: { shape: 'Count', location: 'header', locationName: 'x-amz-pages' },
        Language: { shape: 'Language', location: 'header', locationName: 'Content-Language' },
        Edition: { shape: 'Count', location: 'querystring', locationName: 'edition' },
        Text: { shape: 'Bytes' },
      },
      payload: 'Text',
    },
    PutBookResult: { type: 'structure', members: {} },
    Text: { type: 'string', min: 1, max: 12 },
    Count: { type: 'integer', max: 999 },
    Language: { type: 'string', enum: ['de', 'en'] },
    Bytes: { type: 'blob' },
  },
};

let folder: string;
let judge: Judge;
const log = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Judgement);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-'));
  for (const [service, model] of [['workshop', WORKSHOP], ['ec2', STORE], ['shelf', SHELF]] as const) {
    mkdirSync(join(folder, service, '2020-01-01'), { recursive: true });
    mkdirSync(join(folder, service, '2026-01-01'), { recursive: true });
    writeFileSync(join(folder, service, '2020-01-01', 'service-2.json'), 'an older one');
    writeFileSync(join(folder, service, '2026-01-01', 'service-2.json.gz'), gzipSync(JSON.stringify(model)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  writeFileSync(join(folder, 'log'), '');
  judge = Judge.fromEnvironment({ AWS_SERVICE_MODELS: folder, AWS_SERVICE_MODELS_LOG: join(folder, 'log') })!;
});

test('without models there is no judge', () => {
  expect(Judge.fromEnvironment({})).toBeUndefined();
});

test('a request that the model allows is accepted', () => {
  judge.request('workshop', 'MakeTool', { Name: 'saw', Kind: 'Saw', Parts: [{ Name: 'grip', Sharp: false }], Tags: { a: 'b-c' }, Weight: 2.5, Due: 1.5 });
  judge.request('workshop', 'Sweep', {});
  expect(log().map(({ operation, verdict }) => [operation, verdict])).toEqual([['MakeTool', 'accepted'], ['Sweep', 'accepted']]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a missing member', {}, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
  ['a missing member of a member', { Name: 'saw', Parts: [{}] }, "Value null at 'parts.1.member.name' failed"],
  ['a short text', { Name: 's' }, 'Member must have length between 2 and 5'],
  ['a long text', { Name: 'hammer' }, 'Member must have length between 2 and 5'],
  ['a text whose beginning alone fits', { Name: 'saw9' }, 'Member must satisfy regular expression pattern'],
  ['a value that is none of the set', { Name: 'saw', Kind: 'Axe' }, 'Member must satisfy enum value set: [Saw, File]'],
  ['a short list', { Name: 'saw', Parts: [] }, 'Member must have length greater than or equal to 1'],
  ['a long list', { Name: 'saw', Parts: [{ Name: 'aa' }, { Name: 'bb' }, { Name: 'cc' }] }, 'Member must have length less than or equal to 2'],
  ['a big map', { Name: 'saw', Tags: { a: 'bb', b: 'cc' } }, 'Member must have length less than or equal to 1'],
  ['a wrong value of a map', { Name: 'saw', Tags: { a: '1' } }, "at 'tags.a' failed"],
  ['a big number', { Name: 'saw', Weight: 3.5 }, 'Member must have value between -Infinity and 3'],
])('refuses %s in the words of the service', (_what, request, message) => {
  expect(() => judge.request('workshop', 'MakeTool', request)).toThrow(new RegExp(message.replace(/[[\]]/g, '\\$&')));
  expect(log()).toMatchObject([{ verdict: 'refused' }]);
});

test.each<[string, Record<string, unknown>]>([
  ['a number as text', { Name: 'saw', Weight: '2' }],
  ['a list as text', { Name: 'saw', Parts: 'grip' }],
  ['a list as map', { Name: 'saw', Tags: ['a'] }],
  ['text as boolean', { Name: 'saw', Parts: [{ Name: 'grip', Sharp: 'true' }] }],
  ['text as time', { Name: 'saw', Due: '2026-01-01' }],
])('refuses %s as something that can\'t be read', (_what, request) => {
  expect(() => judge.request('workshop', 'MakeTool', request)).toThrow(expect.objectContaining({ code: 'SerializationException' }));
});

test.each<[string, string, Record<string, unknown>, string]>([
  ['unknown member', 'MakeTool', { Name: 'saw', Parts: [{ Name: 'grip', Colour: 'red' }] }, "the request has an unknown member 'parts.1.member.colour'"],
  ['unknown operation', 'BreakTool', {}, 'workshop has no such operation'],
])('an %s, which a service would overlook, is a defect', (_what, operation, request, finding) => {
  judge.request('workshop', operation, request);
  expect(log()[0]).toMatchObject({ verdict: 'defect', findings: [finding], test: expect.stringContaining('is a defect') });
});

test.each<[string, object, string]>([
  ['member that the service does not have', { Name: 'saw', Owner: 'me' }, "unknown member 'owner'"],
  ['missing member', { Sharp: true }, "Value null at 'name'"],
  ['value that the service never answers', { Name: 'SAW' }, 'regular expression pattern'],
  ['value of another type', { Name: 3 }, 'string expected'],
])('a made-up answer is a defect: a %s', (_what, answer, finding) => {
  judge.answer('workshop', 'MakeTool', JSON.stringify(answer));
  expect(log()).toMatchObject([{ verdict: 'defect', findings: [expect.stringContaining(finding)] }]);
});

test('an answer as the model says it is not remarked upon', () => {
  judge.answer('workshop', 'MakeTool', '{ "Name": "saw", "Sharp": null }');
  judge.refusal('workshop', 'MakeTool', 'TooManyTools', JSON.stringify({ __type: 'TooManyTools', Limit: 1 }));
  judge.refusal('workshop', 'MakeTool', 'ThrottlingException', JSON.stringify({}));
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('');
});

test('an error that the operation does not have, or that lacks something, is a defect', () => {
  judge.refusal('workshop', 'Sweep', 'TooManyTools', JSON.stringify({ Limit: 1 }));
  judge.refusal('workshop', 'MakeTool', 'TooManyTools', JSON.stringify({ __type: 'TooManyTools' }));
  expect(log().flatMap(({ findings }) => findings)).toEqual([
    'the operation has no error TooManyTools',
    "the error TooManyTools: Value null at 'limit' failed to satisfy constraint: Member must not be null",
  ]);
});

test('forms and XML are read by their names on the wire', () => {
  const form = { 'Action': 'FindBoxes', 'Version': '2016', 'Filter.1.Name': 'size', 'Filter.1.Value.1': 'big', 'Filter.1.Value.2': 'tall', 'Most': '5' };
  judge.request('ec2', 'FindBoxes', form);
  judge.answer('ec2', 'FindBoxes', '<?xml version="1.0"?><R xmlns="x"><requestId>1</requestId><boxSet><item><boxId>b1</boxId><full>true</full></item></boxSet></R>');
  expect(log()).toMatchObject([{ verdict: 'accepted' }]);
  expect(() => judge.request('ec2', 'FindBoxes', { ...form, 'Filter.1.Value.3': 'huge!' })).toThrow(ServiceError);
  expect(() => judge.request('ec2', 'FindBoxes', { ...form, Most: '10' })).toThrow("at 'most'");
  judge.request('ec2', 'FindBoxes', { Colour: 'x' });
  judge.answer('ec2', 'FindBoxes', '<R><boxSet><item><boxId>b1</boxId><colour/></item></boxSet></R>');
  expect(log().slice(3).flatMap(({ findings }) => findings)).toEqual([
    "the request has an unknown member 'colour'", "the answer: unknown member 'boxes.1.member.colour'",
  ]);
});

describe('a request whose members are in its path, its query and its headers', () => {
  const put = (path: string, headers = {}, method = 'PUT') => judge.request('shelf', 'PutBook', {
    method, path, headers: { 'host': 'x', 'authorization': 'x', 'x-amz-date': 'x', 'amz-sdk-request': 'x', ...headers },
  });

  test('is accepted as the model says it is, with whatever it has as body', () => {
    put('/top/by%20me/1?x-id=PutBook&edition=2', { 'x-amz-pages': '12', 'content-language': 'de' });
    judge.answer('shelf', 'PutBook', '');
    expect(log()).toMatchObject([{ verdict: 'accepted' }]);
  });

  test.each<[string, string, object, string]>([
    ['a part of the path', '/top/a-title-too-long', {}, "at 'title'"],
    ['a header', '/top/a', { 'x-amz-pages': '1000' }, "at 'pages'"],
    ['a header of a set', '/top/a', { 'content-language': 'fr' }, "at 'language'"],
    ['a parameter', '/top/a?edition=1000', {}, "at 'edition'"],
  ])('is refused for %s', (_what, path, headers, message) => {
    expect(() => put(path, headers)).toThrow(message);
  });

  test('is a defect with a header or a parameter that the operation does not have, or as another operation', () => {
    put('/top/a', { 'x-amz-colour': 'red' });
    put('/top/a?colour=red');
    put('/top');
    put('/top/a', {}, 'POST');
    expect(log().filter(({ verdict }) => verdict === 'defect').flatMap(({ findings }) => findings)).toEqual([
      "the request has an unknown member 'x-amz-colour'", "the request has an unknown member 'colour'",
      'not a request of this operation: PUT /top', 'not a request of this operation: POST /top/a',
    ]);
  });
});
