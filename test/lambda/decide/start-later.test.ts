/** Approvals that take effect at a time that their givers chose. */
import { takeDecisions } from '../../../lambda/decide/decisions';
import { isKnown } from '../../../lambda/domain/request';
import { ANA, at, BO, BY_ANA, CY, days, hours, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture } from './gate-fixture';

let gate: GateFixture;

/** The request is made on a Monday at eight; this opens two hours later. */
const WINDOW = { timeZone: 'UTC', ranges: [{ days: [1], from: 600, to: 720 }] };
const policy = (people: object = {}, more: object = {}) =>
  policyOf({ rule: ruleOf('MANUAL', { people: { startLater: 'ALLOWED', ...people } }), ...more });

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.policy = policy();
  await gate.ask();
  await gate.look(1);
});

const later = (seconds: number) => ({ details: { notBefore: at(seconds) } });
const held = async () => (await gate.request()).held;
const answers = () => gate.codePipeline.answers.length;
const stuck = () =>
  gate.events.filter(({ type }) => type === 'Gate Needs Console').map(({ details }) => details['reason']);
const outcome = async () => {
  const request = await gate.request();
  return isKnown(request) && 'outcome' in request ? request.outcome : undefined;
};

test('the gate opens at that time and no second earlier, and says so until then', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  expect(await gate.look(60, { vote: true })).toMatchObject({ phase: 'WAITING', held: true, next: at(hours(3)) });
  expect(await held()).toMatchObject({
    summary:
      'Approved by ana@example.com. To start no earlier than Monday 23 November 2026, 11:00 UTC, as ana@example.com asked',
    opensAt: at(hours(3)),
  });

  await gate.live(61, hours(3) - 1);
  expect(answers()).toBe(0);
  await gate.look(hours(3));
  expect(answers()).toBe(1);
  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'PEOPLE', at: at(hours(3)) });
});

test('nobody is asked again or reminded while it is held back, and whoever approved is told once when it goes ahead', async () => {
  const asked = gate.mails.length;
  await gate.decide(ANA, 'APPROVE', 60, later(hours(20)));
  await gate.decide(BO, 'APPROVE', 120, later(hours(21)));
  await gate.live(120, hours(20) - 1);

  expect(gate.mails.slice(asked).map(({ to, subject }) => [to, subject])).toEqual([
    [ANA.mail, 'Goes ahead later: shop Prod - fix the cart'],
    [BO.mail, 'Goes ahead later: shop Prod - fix the cart'],
  ]);
  expect(gate.mails.at(-1)?.text).toContain('Prod of shop goes ahead on Tuesday 24 November 2026, 05:00 UTC.');
  expect(stuck()).toEqual([]);
});

test('the link of that email takes it back', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(20)));
  const [, seed = ''] = /key=([\w-]{43})/.exec(gate.mails.at(-1)?.text ?? '') ?? [];
  await gate.decide(ANA, 'REJECT', hours(2), { seed });

  expect(await outcome()).toMatchObject({ kind: 'REJECTED', by: 'PEOPLE' });
});

test('what goes ahead within the hour is not worth an email, and neither is what never does', async () => {
  const asked = gate.mails.length;
  await gate.decide(ANA, 'APPROVE', 60, later(hours(1)));
  await gate.decide(BO, 'APPROVE', 70, later(days(1)));
  await gate.live(71, hours(2));

  expect(gate.mails).toHaveLength(asked);
});

test('two looks at once tell it once', async () => {
  await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60, later(hours(20)))]);
  const asked = gate.mails.length;
  await Promise.all([gate.look(60, { vote: true }), gate.look(60)]);

  expect(gate.mails).toHaveLength(asked + 1);
});

test('where mail fails the gate opens all the same, and on time', async () => {
  await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60, later(hours(20)))]);
  gate.around = (call, when) => {
    if (call === 'mailer.send' && when === 'before') {
      throw new Error('throttled');
    }
  };
  await expect(gate.look(60, { vote: true })).rejects.toThrow('mail could not be sent');
  expect(await held()).toMatchObject({ opensAt: at(hours(20)) });
  await expect(gate.look(hours(20))).rejects.toThrow();

  expect(answers()).toBe(1);
});

test('of two approvals the later time counts, and one without a time shortens nothing', async () => {
  gate.policy = policy({ quorum: 2 });
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  expect(await held()).toBeUndefined();
  await gate.decide(BO, 'APPROVE', 70);
  expect(await held()).toMatchObject({ opensAt: at(hours(3)) });
  await gate.decide(CY, 'APPROVE', 80, later(hours(4)));

  expect(await held()).toMatchObject({ opensAt: at(hours(4)) });
});

test.each([
  ['sooner', later(hours(2)), hours(2)],
  ['later', later(hours(5)), hours(5)],
])('whoever chose a time may choose a %s one, moments later', async (_, again, opens) => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  await gate.decide(ANA, 'APPROVE', 65, again);
  expect(await held()).toMatchObject({ opensAt: at(opens) });

  await gate.live(66, opens - 1);
  expect(answers()).toBe(0);
  await gate.look(opens);
  expect(answers()).toBe(1);
});

test('whoever chose a time may approve anew, without one, and it starts at once', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  await gate.decide(ANA, 'APPROVE', 65);

  expect(answers()).toBe(1);
});

test('a rejection ends it at once, by whoever approved or by anybody else', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  await gate.decide(BO, 'REJECT', 120);

  expect(await outcome()).toMatchObject({ kind: 'REJECTED', by: 'PEOPLE', at: at(120) });
});

test('an approver who is removed before the start has approved nothing', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  gate.people = [BO, CY];
  await gate.live(61, hours(3) + 60);

  expect(answers()).toBe(0);
  expect(await held()).toBeUndefined();
  expect((await gate.request()).phase).toBe('WAITING');
});

test('the page of a guest knows until when they have a vote, and at that time their approval for later counts no more', async () => {
  gate = new GateFixture();
  gate.people = [{ ...ANA, until: at(hours(2)) }, BO, CY];
  gate.policy = policy();
  await gate.ask();
  await gate.look(1);
  expect((await gate.invitation(ANA))?.until).toBe(at(hours(2)));
  expect(await gate.invitation(BO)).not.toHaveProperty('until');

  // The page would not take it.
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  await gate.live(61, hours(4));
  expect(answers()).toBe(0);
  expect(await held()).toBeUndefined();
});

test('the later of the time, the window and the calendars counts', async () => {
  gate.policy = policy({}, { window: WINDOW, freezes: ['xmas'] });
  gate.calendar = (_, time) =>
    time >= at(hours(3)) && time < at(hours(3.5)) ? { kind: 'CLOSED', opensAt: at(hours(3.5)) } : { kind: 'OPEN' };
  await gate.decide(ANA, 'APPROVE', 60, later(hours(1)));
  expect(await held()).toMatchObject({ why: 'its deployment window is closed', opensAt: at(hours(2)) });
  await gate.decide(ANA, 'APPROVE', 70, later(hours(2.5)));
  expect(await held()).toMatchObject({
    why: 'it is to start no earlier than Monday 23 November 2026, 10:30 UTC, as ana@example.com asked',
    opensAt: at(hours(2.5)),
  });
  await gate.decide(ANA, 'APPROVE', 80, later(hours(3.2)));
  expect(await held()).toMatchObject({ why: "change calendar 'xmas' is closed", opensAt: at(hours(3.5)) });

  await gate.live(81, hours(3.5) - 1);
  expect(answers()).toBe(0);
  await gate.look(hours(3.5));
  expect(answers()).toBe(1);
});

test('a time that is not before the deadline never opens the gate, which is told at once', async () => {
  await gate.decide(ANA, 'APPROVE', 60, later(days(1)));

  expect(stuck()).toEqual([
    'it is to start no earlier than Tuesday 24 November 2026, 08:00 UTC, as ana@example.com asked, ' +
      'and does not open before the deadline',
  ]);
  await gate.live(61, days(1) - 1);
  expect(answers()).toBe(0);
});

test('it is kept although the gate no longer offers it: nothing that was approved for later opens at once', async () => {
  gate.policy = policyOf();
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));

  expect(await held()).toMatchObject({ opensAt: at(hours(3)) });
});

test('at a guarded gate the checks have to be healthy at that moment', async () => {
  gate.policy = policyOf({ rule: ruleOf('GUARDED', { people: { startLater: 'ALLOWED' } }) });
  await gate.look(2);
  await gate.decide(ANA, 'APPROVE', 60, later(hours(3)));
  expect(await held()).toMatchObject({ opensAt: at(hours(3)) });
  await gate.live(61, hours(3) - 60);
  gate.measuring = () => 'FAIL';

  await gate.look(hours(3));
  expect(answers()).toBe(0);
  expect((await gate.request()).phase).toBe('WAITING');
  gate.measuring = () => 'PASS';
  await gate.live(hours(3) + 1, hours(5));
  expect(answers()).toBe(1);
});

test('where people were asked because the checks could not tell, their time counts', async () => {
  gate = new GateFixture();
  gate.policy = policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { people: { startLater: 'ALLOWED' } }) });
  gate.measuring = () => 'INCONCLUSIVE';
  await gate.ask();
  await gate.live(2, minutes(30));
  await gate.decide(ANA, 'APPROVE', minutes(31), later(hours(3)));
  expect(await held()).toMatchObject({ opensAt: at(hours(3)) });

  await gate.live(minutes(32), hours(3) - 1);
  expect(answers()).toBe(0);
  await gate.look(hours(3));
  expect(answers()).toBe(1);
});

test('an answer in the console before that time counts if it is enough by itself', async () => {
  await gate.decide(BO, 'APPROVE', 60, later(hours(3)));
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(hours(1)) } };
  await gate.look(hours(1) + 10);

  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'CONSOLE' });
});

test('an answer in the console that needs an approval for later is a bypass', async () => {
  gate.policy = policy({ quorum: 2 });
  await gate.decide(BO, 'APPROVE', 60, later(hours(3)));
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(hours(1)) } };
  await gate.look(hours(1) + 10);

  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'BYPASS' });
});

test('no look fixes an approval that does not know of a later time that was chosen meanwhile', async () => {
  await takeDecisions(gate.ports, [await gate.decision(ANA, 'APPROVE', 60)]);
  const again = await gate.decision(ANA, 'APPROVE', 61, later(hours(3)));
  let isTaken = false;
  const deciding: Promise<unknown>[] = [];
  gate.around = (call, when) => {
    if (call === 'store.decide' && when === 'before' && !isTaken) {
      isTaken = true;
    }
  };
  gate.scheduled = async (call) => {
    if (call === 'store.decide' && deciding.length === 0) {
      deciding.push(Promise.resolve());
      await takeDecisions(gate.ports, [again]);
    }
  };
  await gate.look(62, { vote: true });

  expect(isTaken).toBe(true);
  expect(answers()).toBe(0);
  expect(await held()).toMatchObject({ opensAt: at(hours(3)) });
  expect((await gate.store.load(REQUEST))?.votes).toMatchObject([{ at: at(61) }]);
});
