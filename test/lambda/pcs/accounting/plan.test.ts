import { association, deletable, found, foundQos, MARK, NOTHING, reasonsOf, requestsOf, stepsOf } from './found';
import { accountPlan, deletionPlan, isMarked, qosPlan, type Plan } from '../../../../lambda/pcs/accounting/plan';
import { wantedOf, type AccountWish, type QosWish } from '../../../../lambda/pcs/accounting/properties';

const account = (more: object = {}) => wantedOf({ Kind: 'Account', ClusterId: 'c', Account: { Name: 'research', ...more } }).thing as AccountWish;
const batch = (more: object = {}) => wantedOf({ Kind: 'Qos', ClusterId: 'c', Qos: { Name: 'batch', ...more } }).thing as QosWish;
const ours = { mark: MARK, adopt: false };
const bodyOf = (plan: Plan, index = 0): any => stepsOf(plan)[index].request.body;

describe('an account', () => {
  test('that is as it is wanted needs nothing', () => {
    expect(stepsOf(accountPlan(found(), account(), ours))).toEqual([]);
  });

  test('that isn\'t there is made first, seen, and then limited before it has users', () => {
    const plan = accountPlan(NOTHING, account({ Users: ['alice'], Limits: { GrpTRESMins: 'gres/gpu=60' } }), ours);
    expect(requestsOf(plan)).toEqual(['POST /accounts_association/', 'POST /associations/', 'POST /users_association/']);
    expect(stepsOf(plan).map(({ readAfter }) => readAfter)).toEqual([true, undefined, true]);
    expect(bodyOf(plan).account.description).toBe(`research ${MARK}`);
  });

  test('that has a row and isn\'t in this cluster is brought into it', () => {
    expect(requestsOf(accountPlan(found({ association: undefined }), account(), ours))).toEqual(['POST /accounts_association/']);
  });

  test.each<[string, object, object, string]>([
    ['a limit', { association: association({ limits: { GrpTRES: { 'gres/gpu': 8 } } }) }, {}, 'account research: GrpTRES gres/gpu=8 -> none'],
    ['a parent', { association: association({ parent: 'other' }) }, {}, 'account research: parent other -> root'],
    ['an association without a parent', { association: association({ parent: '' }) }, {}, 'account research: parent none -> root'],
    ['a fair share', { association: association({ shares: 2_147_483_647 }) }, { FairShare: '3' }, 'account research: fair share parent -> 3'],
    ['QOS', { association: association({ qos: ['batch'] }), qosNames: ['normal', 'batch'] }, { Qos: ['normal'] }, 'account research: QOS batch -> normal'],
    ['a default QOS', { association: association({ defaultQos: 'normal' }) }, {}, 'account research: default QOS normal -> none'],
    ['an organization', {}, { Organization: 'Lab' }, 'account research: organization'],
    ['a description', {}, { Description: 'Research' }, 'account research: description'],
  ])('that differs in %s is put right, and nothing else', (_what, is, wanted, reason) => {
    expect(reasonsOf(accountPlan(found(is), account(wanted), ours))).toEqual([reason]);
  });

  test('the order and the case of names are no difference', () => {
    const is = found({ association: association({ qos: ['Batch', 'normal'], parent: 'ROOT', limits: { GrpTRES: { 'gres/gpu': 1, 'cpu': 2 } } }), qosNames: ['normal', 'Batch'] });
    expect(stepsOf(accountPlan(is, account({ Qos: ['normal', 'batch'], Limits: { GrpTRES: 'cpu=2,gres/gpu=1' } }), ours))).toEqual([]);
  });

  test('a list of QOS that isn\'t wanted any more becomes the parent\'s: an empty one would be no change', () => {
    const plan = accountPlan(found({ association: association({ qos: ['batch'] }), qosNames: ['normal', 'batch'] }), account(), ours);
    expect(bodyOf(plan).associations[0].qos).toEqual(['normal']);
    expect(stepsOf(accountPlan(found({ association: association({ qos: ['normal'] }) }), account(), ours))).toEqual([]);
  });

  /* With one, slurmrestd 26.05 falls down. */
  test('no request has a list with an empty text in it', () => {
    const plans = [
      accountPlan(NOTHING, account({ Users: ['alice'], DefaultFor: ['alice'], EachUser: { Limits: { MaxJobs: '1' } } }), ours),
      accountPlan(found({ association: association({ qos: ['batch'], defaultQos: 'batch' }), users: [association({ user: 'bob' })] }), account({ Users: [] }), ours),
      qosPlan({ kind: 'Qos', qosNames: ['normal'] }, batch(), ours),
    ];
    for (const plan of plans) { expect(JSON.stringify(stepsOf(plan))).not.toMatch(/\[(""|null)/); }
  });

  test('every limit is named in a request, so that no other one is left', () => {
    const plan = accountPlan(found({ association: association({ limits: { MaxJobs: 5, GrpTRES: { 'gres/gpu': 8, 'cpu': 4 } } }) }), account({ Limits: { GrpTRES: 'gres/gpu=2' } }), ours);
    expect(bodyOf(plan).associations[0].max).toMatchObject({
      jobs: { active: { set: false, infinite: true }, per: { count: { set: false } } },
      tres: { total: [{ type: 'cpu', name: '', count: -1 }, { type: 'gres', name: 'gpu', count: 2 }], group: { minutes: [], active: [] } },
    });
  });

  test('its coordinators are named, since Slurm takes away those that aren\'t', () => {
    const is = found();
    const plan = accountPlan({ ...is, row: { ...is.row!, coordinators: ['carol'] } }, account({ Organization: 'Lab' }), ours);
    expect(bodyOf(plan).accounts[0].coordinators).toEqual([{ name: 'carol', direct: true }]);
  });

  describe('its users', () => {
    const users = [association({ user: 'alice', isDefault: true }), association({ user: 'bob' })];

    test('are nobody\'s concern where none are wanted or unwanted', () => {
      expect(stepsOf(accountPlan(found({ users }), account(), ours))).toEqual([]);
    });

    test('are added and taken out, each of them by name', () => {
      const plan = accountPlan(found({ users }), account({ Users: ['Alice', 'carol'] }), ours);
      expect(reasonsOf(plan)).toEqual(['account research: add carol', 'account research: take bob out']);
      expect(requestsOf(plan)[1]).toBe('DELETE /association/ account=research cluster=live user=bob');
    });

    test('get another default account before they leave it, if they have one', () => {
      const leaving = accountPlan(found({ users, otherAccounts: { alice: ['other', 'third'] } }), account({ Users: ['bob'] }), ours);
      expect(requestsOf(leaving)).toEqual(['POST /users/', 'DELETE /association/ account=research cluster=live user=alice']);
      expect(bodyOf(leaving)).toEqual({ users: [{ name: 'alice', default: { account: 'other' } }] });
      expect(requestsOf(accountPlan(found({ users, otherAccounts: { alice: [] } }), account({ Users: ['bob'] }), ours))).toHaveLength(1);
    });

    test('keep limits of others where no limits of users are wanted, and lose them where some are', () => {
      const limited = [association({ user: 'alice', limits: { MaxJobs: 3, GrpJobs: 1 } })];
      expect(stepsOf(accountPlan(found({ users: limited }), account({ Users: ['alice'] }), ours))).toEqual([]);
      const plan = accountPlan(found({ users: limited }), account({ Users: ['alice'], EachUser: { Limits: { MaxJobs: '3' } } }), ours);
      expect(reasonsOf(plan)).toEqual(['account research: user alice: GrpJobs 1 -> none']);
      expect(bodyOf(plan).associations[0]).toMatchObject({ user: 'alice', qos: [] });
    });

    test('many are added and limited a hundred at a time', () => {
      const many = Array.from({ length: 250 }, (_, index) => `u${index}`);
      const plan = accountPlan(found(), account({ Users: many, EachUser: { Limits: { MaxJobs: '1' } } }), ours);
      expect(requestsOf(plan)).toEqual([...Array(3).fill('POST /users_association/'), ...Array(3).fill('POST /associations/')]);
    });
  });

  test.each<[string, object, object, RegExp]>([
    ['made by hand', { row: { ...found().row!, description: 'theirs' } }, {}, /is there already, and it wasn't made by this resource: .*adopt/],
    ['of another stack', { row: { ...found().row!, description: `x ${MARK.replace('51af', '61af')}` } }, {}, /another resource of CloudFormation made it/],
    ['of another resource of the stack', { row: { ...found().row!, description: `x ${MARK.replace('Research', 'Other')}` } }, {}, /another resource/],
    ['with our mark in the middle', { row: { ...found().row!, description: `${MARK} x` } }, {}, /wasn't made by this resource/],
    ['below a parent that isn\'t there', { parent: undefined }, { Parent: 'nowhere' }, /the parent "nowhere" of the account "research" doesn't exist/],
    ['below itself', {}, { Parent: 'RESEARCH' }, /can't be its own parent/],
    ['with QOS that aren\'t there', {}, { Qos: ['gold', 'normal'], DefaultQos: 'silver' }, /QOS that don't exist: gold, silver/],
  ])('%s is refused', (_what, is, wanted, words) => {
    expect(accountPlan(found(is), account(wanted), ours)).toEqual({ refused: expect.stringMatching(words) });
  });

  test('of another is adopted where that is wanted, and marked', () => {
    const plan = accountPlan(found({ row: { ...found().row!, description: `x ${MARK.replace('51af', '61af')}` } }), account(), { ...ours, adopt: true });
    expect(bodyOf(plan).accounts[0].description).toBe(`research ${MARK}`);
  });

  test('whose mark is in lower case, as sacctmgr writes it, is ours', () => {
    expect(isMarked(`x ${MARK.toLowerCase()} `, MARK)).toBe(true);
    expect(isMarked('', MARK)).toBe(false);
  });

  test('a mark in a wanted description is no mark', () => {
    const plan = accountPlan(NOTHING, account({ Description: `mine ${MARK.replace('51af', '61af')}` }), ours);
    expect(bodyOf(plan).account.description).toBe(`mine ${MARK}`);
  });
});

describe('a QOS', () => {
  test('that is as it is wanted needs nothing, and one that isn\'t there is made', () => {
    expect(stepsOf(qosPlan(foundQos(), batch(), ours))).toEqual([]);
    expect(reasonsOf(qosPlan({ kind: 'Qos', qosNames: ['normal'] }, batch({ Limits: { GrpTRESMins: 'gres/gpu=60' } }), ours)))
      .toEqual(['make the QOS batch; GrpTRESMins none -> gres/gpu=60']);
  });

  test.each<[string, object, object, string]>([
    ['priority', { priority: 5 }, {}, 'priority 5 -> 0'],
    ['grace time', { graceTime: 0 }, { GraceTime: '30' }, 'grace time 0 -> 30'],
    ['usage factor', { usageFactor: 1 }, { UsageFactor: '0.5' }, 'usage factor 1 -> 0.5'],
    ['flags', { flags: ['NO_DECAY'] }, { Flags: ['DenyOnLimit'] }, 'flags NO_DECAY -> DENY_LIMIT'],
    ['preempt', { preempt: ['other'] }, { Preempt: ['normal'] }, 'preempts other -> normal'],
    ['preempt mode', { preemptMode: ['CANCEL'] }, {}, 'preempt mode CANCEL -> none'],
    ['limits', { limits: { GrpJobs: 3 } }, { Limits: { MaxWallDurationPerJob: '60' } }, 'GrpJobs 3 -> none; MaxWallDurationPerJob none -> 60'],
  ])('that differs in %s is put right', (_what, is, wanted, change) => {
    expect(reasonsOf(qosPlan(foundQos(is), batch(wanted), ours))).toEqual([`QOS batch: ${change}`]);
  });

  test('keeps flags that Slurm sets itself', () => {
    expect(stepsOf(qosPlan(foundQos({ flags: ['PARTITION_QOS'] }), batch(), ours))).toEqual([]);
    expect(bodyOf(qosPlan(foundQos({ flags: ['PARTITION_QOS'] }), batch({ Flags: ['NoDecay'] }), ours)).qos[0].flags).toEqual(['NO_DECAY', 'PARTITION_QOS']);
  });

  test.each<[string, object, object, RegExp]>([
    ['of another', { description: 'theirs' }, {}, /the QOS "batch" is there already/],
    ['that would preempt what isn\'t there', {}, { Preempt: ['gold'] }, /QOS that don't exist: gold/],
  ])('%s is refused', (_what, is, wanted, words) => {
    expect(qosPlan(foundQos(is), batch(wanted), ours)).toEqual({ refused: expect.stringMatching(words) });
  });
});

describe('a QOS that is to preempt nothing any more', () => {
  const command = expect.stringMatching(/^QOS batch: preempts normal as before.*sacctmgr modify qos batch set preempt=/);

  /* As the rollback of an update that gave it the first one. */
  test('is no failure: it is left as it is, with the command that takes the last one away', () => {
    expect(qosPlan(foundQos({ preempt: ['normal'] }), batch(), ours)).toEqual({ steps: [], notices: [command] });
  });

  test('is changed in all else, and keeps the list', () => {
    const plan = qosPlan(foundQos({ preempt: ['normal'], priority: 5 }), batch(), ours);
    expect(plan).toMatchObject({ steps: [{ reason: 'QOS batch: priority 5 -> 0' }], notices: [command] });
    expect(bodyOf(plan).qos[0].preempt.list).toEqual(['normal']);
  });

  test('and that preempts nothing, or one fewer, has no notice', () => {
    expect(qosPlan(foundQos(), batch(), ours)).toEqual({ steps: [], notices: [] });
    const plan = qosPlan({ ...foundQos({ preempt: ['normal', 'gold'] }), qosNames: ['normal', 'gold', 'batch'] }, batch({ Preempt: ['gold'] }), ours);
    expect(plan).toMatchObject({ steps: [{ reason: 'QOS batch: preempts gold,normal -> gold' }], notices: [] });
  });
});

describe('a deletion', () => {
  const plan = (more: object = {}, onDelete: 'RETAIN_USED' | 'RETAIN' | 'DELETE' = 'RETAIN_USED', name = 'research', kind: 'Account' | 'Qos' = 'Account') =>
    deletionPlan(kind, name, deletable(more), MARK, onDelete);

  test('deletes what is ours and was never used', () => {
    expect(requestsOf(plan())).toEqual(['DELETE /account/research']);
    expect(requestsOf(plan({}, 'DELETE', 'batch', 'Qos'))).toEqual(['DELETE /qos/batch']);
  });

  test('of what isn\'t there is done', () => {
    expect(stepsOf(plan({ description: undefined }, 'DELETE'))).toEqual([]);
  });

  test.each<[string, object, 'RETAIN_USED' | 'RETAIN' | 'DELETE', RegExp]>([
    ['of another', { description: 'theirs' }, 'DELETE', /another's/],
    ['that is to be retained', {}, 'RETAIN', /is retained$/],
    ['that jobs have used', { used: true }, 'RETAIN_USED', /jobs have used it/],
    ['that has accounts below it', { dependents: ['below'] }, 'RETAIN_USED', /the accounts below are below it/],
  ])('leaves what is %s', (_what, is, onDelete, words) => {
    expect(plan(is, onDelete)).toEqual({ retained: expect.stringMatching(words) });
  });

  test('never takes what Slurm made', () => {
    expect(plan({}, 'DELETE', 'normal', 'Qos')).toEqual({ retained: expect.any(String) });
    expect(plan({}, 'DELETE', 'root')).toEqual({ retained: expect.any(String) });
  });

  /* Slurm would take the associations below along. */
  test('of an account with accounts below it is refused where nothing is to be retained, as is one that other clusters have', () => {
    expect(plan({ dependents: ['below'] }, 'DELETE')).toEqual({ refused: expect.stringMatching(/below are below it/) });
    expect(plan({ otherClusters: ['second'] }, 'DELETE')).toEqual({ refused: expect.stringMatching(/other clusters .*: second/) });
    expect(plan({ dependents: ['account a'] }, 'DELETE', 'batch', 'Qos')).toEqual({ refused: expect.stringMatching(/account a has it/) });
  });

  test('gives users another default account first', () => {
    expect(requestsOf(plan({ defaults: { alice: ['other'] } }, 'DELETE'))).toEqual(['POST /users/', 'DELETE /account/research']);
  });
});
