import type { SearchTrainingPlanOfferingsRequest, TrainingPlanExtension, TrainingPlanExtensionOffering } from '@aws-sdk/client-sagemaker';
import { ARN, END, LATER, extensionOffering } from './purchase/world';
import { chooseExtension, endsAt, extensionOf, extensionText, stateOf } from '../../../lambda/training-plans/history';

const TO = Date.parse(LATER);
const CAP = { amount: { digits: 6_000_000n, scale: 2 }, currency: 'USD', text: '60000.00 USD' };
const id = (TrainingPlanExtensionOfferingId: string) => ({ TrainingPlanExtensionOfferingId });
/** The model says that an id is always there; the wire may not. */
const NAMELESS = {} as TrainingPlanExtension;

test.each([[TO - 1, true], [TO, true], [TO + 1, false]])('whether a plan ends at %d or later', (at, ends) => {
  expect(endsAt({ EndTime: new Date(LATER) }, at)).toBe(ends);
});

test('a plan without an end does not end anywhere', () => {
  expect(endsAt({}, TO)).toBe(false);
});

test.each<[TrainingPlanExtension, string]>([
  [{ ...id('a') }, 'there'],
  [{ ...id('a'), Status: 'Active', PaymentStatus: 'Paid' }, 'there'],
  [{ ...id('a'), Status: 'Pending', PaymentStatus: 'Paid' }, 'pending'],
  [{ ...id('a'), Status: 'Scheduled', PaymentStatus: 'PaymentPending' }, 'pending'],
  [{ ...id('a'), Status: 'Failed', PaymentStatus: 'Pending' }, 'failed'],
  [{ ...id('a'), Status: 'Pending', PaymentStatus: 'payment failed' }, 'failed'],
])('the state of %j is %s', (extension, state) => {
  expect(stateOf(extension)).toBe(state);
});

describe('the extension that is meant', () => {
  const other = { ...id('other'), EndDate: new Date(END) };
  const byEnd = { ...id('by end'), EndDate: new Date(LATER) };
  const byId = { ...id('by id'), EndDate: new Date(END) };
  const failed = { ...byEnd, ...id('failed'), Status: 'Failed' };

  test.each<[string, TrainingPlanExtension[], TrainingPlanExtension | undefined]>([
    ['is none of others', [other, NAMELESS], undefined],
    ['has one of the offerings', [byId, other], byId],
    ['or the end', [byEnd, other], byEnd],
    ['is the last of several', [byEnd, byId], byId],
    ['is not one that failed, where there is another', [byEnd, failed], byEnd],
    ['is one that failed, where there is no other', [failed, other], failed],
    ['is the last that failed', [{ ...failed, ...id('first') }, failed], failed],
  ])('%s', (_what, extensions, meant) => {
    expect(extensionOf(extensions, ['none', 'by id'], TO)).toBe(meant);
  });

  test('is none without an offering, though the ledger has one', () => {
    expect(extensionOf([{ ...NAMELESS, EndDate: new Date(END) }], ['undefined'], TO)).toBeUndefined();
  });
});

describe('choosing', () => {
  const asked: SearchTrainingPlanOfferingsRequest[] = [];
  beforeEach(() => { asked.length = 0; });
  const target = { name: 'llm-q1', arn: ARN, extendTo: TO };
  const choose = async (offers: TrainingPlanExtensionOffering[], end = new Date(END)) => chooseExtension(async question => {
    asked.push(question);
    return { TrainingPlanOfferings: [], TrainingPlanExtensionOfferings: offers };
  }, target, CAP, end);

  test('asks for the hours from the end of the plan', async () => {
    await choose([extensionOffering()]);
    expect(asked).toEqual([{ TrainingPlanArn: ARN, DurationHours: 168 }]);
  });

  test('asks for a begun hour as a whole one, and for any where the end is not known', async () => {
    await choose([extensionOffering()], new Date(Date.parse(END) + 1));
    await chooseExtension(async question => {
      asked.push(question);
      return { TrainingPlanOfferings: [], TrainingPlanExtensionOfferings: [extensionOffering()] };
    }, target, CAP, undefined);
    expect(asked.map(({ DurationHours }) => DurationHours)).toEqual([168, undefined]);
  });

  test('takes the cheapest, then the first by id, and counts the others', async () => {
    const { best, qualifying } = await choose([
      extensionOffering(id('d')), extensionOffering({ ...id('c'), UpfrontFee: '9000.0' }), extensionOffering({ ...id('b'), UpfrontFee: '9000' }),
      extensionOffering({ ...id('a'), UpfrontFee: '60000.01' }), extensionOffering({ ...id('0'), EndDate: new Date(TO + 1) }),
    ]);
    expect([best.id, best.feeText, best.source.UpfrontFee, qualifying]).toEqual(['b', '9000 USD', '9000', 3]);
    expect((await choose([extensionOffering(id('a')), extensionOffering(id('b'))])).best.id).toBe('a');
  });

  test.each<[string, Partial<TrainingPlanExtensionOffering>]>([
    ['id', { TrainingPlanExtensionOfferingId: undefined }],
    ['end', { EndDate: undefined }],
    ['fee', { UpfrontFee: undefined }],
    ['currency', { CurrencyCode: undefined }],
  ])('takes nothing without %s', async (_what, missing) => {
    await expect(choose([extensionOffering(missing)])).rejects.toThrow(/^no extension qualifies of "llm-q1" from 2026-12-15T11:30:00Z to exactly 2026-12-22T11:30:00Z for at most 60000.00 USD; there would be: /);
  });

  test('names what is near, each once, and five at most', async () => {
    const near = [1, 2, 3, 4, 5, 6].map(n => extensionOffering({ ...id(`n${n}`), UpfrontFee: '70000' }));
    const said = await choose(near).then(() => '', (error: Error) => error.message);
    expect(said.split('there would be: ')[1].split('; ').map(text => text.slice(0, 3))).toEqual(['n1:', 'n2:', 'n3:', 'n4:', 'n5:']);
    expect(asked).toEqual([{ TrainingPlanArn: ARN, DurationHours: 168 }, { TrainingPlanArn: ARN }]);
  });

  test('names those to other ends, and gives up where they can not be had', async () => {
    const search = (others: () => object) => async ({ DurationHours }: SearchTrainingPlanOfferingsRequest) => {
      return (DurationHours === undefined ? others() : {}) as never;
    };
    const none = 'no extension qualifies of "llm-q1" from ? to exactly 2026-12-22T11:30:00Z for at most 60000.00 USD; none is offered: '
      + 'a plan can be extended from 56 days to one hour before its end';
    const far = search(() => ({ TrainingPlanExtensionOfferings: [extensionOffering(id('far'))] }));
    await expect(chooseExtension(far, target, CAP, new Date(END)))
      .rejects.toMatchObject({ code: 'NothingFound', message: expect.stringMatching(/there would be: far: /) });
    await expect(chooseExtension(search(() => { throw new Error('no'); }), target, CAP, undefined)).rejects.toThrow('no');
    await expect(chooseExtension(search(() => ({})), target, CAP, undefined)).rejects.toThrow(none);
    const fails = chooseExtension(async ({ DurationHours }) => {
      if (DurationHours === undefined) { throw new Error('no'); }
      return { TrainingPlanOfferings: [] };
    }, target, CAP, new Date(END));
    await expect(fails).rejects.toThrow(/none is offered/);
  });
});

test.each([
  [extensionOffering(), 'tpeo-1: 2026-12-15T11:30:00Z to 2026-12-22T11:30:00Z, 168 hours in us-east-1a, 50000.00 USD'],
  [{ TrainingPlanExtensionOfferingId: 'a' }, 'a: ? to ?, ? hours, (no fee) (no currency)'],
])('in words: %j', (source, text) => {
  expect(extensionText(source)).toBe(text);
});
