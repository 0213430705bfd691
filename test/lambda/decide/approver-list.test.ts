/** A gate whose approvers stand in a parameter that somebody edits while it asks. */
import fc from 'fast-check';
import type { RecordEntry } from '../../../contract/record';
import { Patience } from '../../../lambda/domain/limits';
import { RECORD } from '../../../lambda/domain/record';
import { ANA, at, BO, BY_ANA, CY, hours, minutes, person, policyOf, ruleOf } from '../samples';
import { eachTestHasAGate, GateFixture, logged } from './gate-fixture';

const LIST = '/shop/releasers';
const DI = person('di@example.com');
const EVE = person('eve@example.com');

const listOf = (...people: readonly { readonly mail: string }[]) => people.map(({ mail }) => mail).join('\n');

async function prepare(fresh: GateFixture, listed: string, quorum = 2): Promise<GateFixture> {
  fresh.people = [];
  fresh.listed[LIST] = listed;
  fresh.policy = policyOf({ rule: ruleOf('MANUAL', { people: { groups: [{ quorum, ids: [], list: LIST }] } }) });
  await fresh.ask();
  return fresh;
}

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = await prepare(fresh, listOf(ANA, BO, CY));
});

const outcome = async (of = gate) => {
  const request = await of.request();
  return 'outcome' in request ? request.outcome : undefined;
};
const needsConsole = () =>
  gate.events.filter(({ type }) => type === 'Gate Needs Console').map(({ details }) => details);

test('asks who stands in the list, and counts them; the record holds who that was', async () => {
  await gate.look(1);
  expect(gate.mails.map(({ to }) => to)).toEqual([ANA.mail, BO.mail, CY.mail]);

  await gate.decide(ANA, 'APPROVE', 60);
  await gate.decide(CY, 'APPROVE', 61);

  expect((await outcome())?.summary).toBe('Approved by ana@example.com, cy@example.com (2 of 2 needed)');
  const [row] = await gate.rows.query(RECORD);
  expect((row?.['entry'] as RecordEntry).rule?.people?.groups).toEqual([
    { quorum: 2, ids: [ANA.id, BO.id, CY.id], list: LIST },
  ]);
});

test('whoever is put on the list while it asks is not asked and has no vote; that is logged once, and shown', async () => {
  await gate.look(1);
  gate.listed[LIST] = listOf(ANA, BO, CY, DI);
  await gate.live(hours(1), hours(3));

  expect(gate.mailsTo(DI)).toEqual([]);
  expect((await gate.known()).shown.addedToLists).toBe(1);
  expect(logged().filter((line) => line.includes('a list of approvers changed'))).toHaveLength(1);

  gate.listed[LIST] = listOf(ANA, BO, CY);
  await gate.look(hours(4));
  expect((await gate.known()).shown).not.toHaveProperty('addedToLists');
});

test('whoever is removed has no vote from then on, not even one that was given before', async () => {
  await gate.look(1);
  await gate.decide(ANA, 'APPROVE', 60);
  gate.listed[LIST] = listOf(BO, CY);
  await gate.decide(BO, 'APPROVE', 61);

  expect(await outcome()).toBeUndefined();
  expect((await gate.invitation(ANA))?.excluded).toBe('no longer an approver of this gate');

  await gate.decide(CY, 'APPROVE', 62);
  expect((await outcome())?.summary).toBe('Approved by bo@example.com, cy@example.com (2 of 2 needed)');
});

test('an edit is noticed within a quarter of an hour, though nobody answers', async () => {
  const { next } = await gate.look(1);
  expect(next).toBe(at(1 + minutes(15)));
  gate.listed[LIST] = listOf(CY);
  await gate.look(1 + minutes(15));

  expect(needsConsole()).toMatchObject([{ reason: 'only 1 of 2 approvers needed may answer this change' }]);
});

test('a list that is too short from the beginning is told at once', async () => {
  gate.listed[LIST] = listOf(ANA);
  await gate.look(1);

  expect(needsConsole()).toMatchObject([{ reason: 'only 1 of 2 approvers needed may answer this change' }]);
});

test.each([
  ['a foreign address', `${listOf(ANA, BO, CY)}\neve@attacker.example`, 'entry 4 is not of an allowed domain'],
  ['somebody twice', listOf(ANA, BO, ANA), 'entry 3 stands there twice'],
  ['nobody', ' ', 'it holds 0 addresses'],
])('%s in the list opens nothing and asks nobody; it is told after a quarter of an hour', async (_, text, problem) => {
  await gate.look(1);
  gate.listed[LIST] = text;
  await gate.decide(ANA, 'APPROVE', 60);
  await gate.decide(BO, 'APPROVE', 61);
  await gate.decide(CY, 'APPROVE', 62);
  expect(await outcome()).toBeUndefined();
  expect(needsConsole()).toEqual([]);

  await gate.look(62 + Patience.PARAMETER / 1000);
  expect(await outcome()).toBeUndefined();
  expect(needsConsole()).toMatchObject([{ reason: expect.stringContaining(problem) as string }]);
  expect(needsConsole()[0]?.['reason']).not.toContain('@');

  gate.listed[LIST] = listOf(ANA, BO);
  await gate.look(hours(1));
  expect(await outcome()).toMatchObject({ kind: 'APPROVED' });
});

test('a request does not begin with a list that cannot be read', async () => {
  gate.listed[LIST] = 'ana';
  await gate.look(1);
  await gate.look(minutes(16));
  expect((await gate.request()).phase).toBe('OPENED');
  expect(needsConsole()).toMatchObject([{ reason: "list '/shop/releasers': entry 1 is not an email address" }]);

  gate.listed[LIST] = listOf(ANA, BO);
  await gate.look(minutes(30));
  expect(gate.mails.map(({ to }) => to)).toEqual([ANA.mail, BO.mail]);
});

test('an answer in the console is that of an approver by the aliases that are declared for the address', async () => {
  gate.people = [ANA];
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { groups: [{ quorum: 1, ids: [], list: LIST }] } }) });
  await gate.look(1);
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by: BY_ANA, at: at(60), comment: '' } };
  await gate.look(120);

  expect(await outcome()).toMatchObject({ by: 'CONSOLE' });
});

test('its author has no vote, by the declared aliases or by the address itself', async () => {
  gate.people = [ANA];
  gate.policy = policyOf({
    rule: ruleOf('MANUAL', { people: { groups: [{ quorum: 1, ids: [], list: LIST }], excludeAuthor: true } }),
  });
  gate.codePipeline.run = { ...gate.codePipeline.run, authors: ['ana-gh', 'BO@example.com'] };
  await gate.look(1);

  expect(gate.mails.map(({ to }) => to)).toEqual([CY.mail]);
});

type Step = { readonly edit: readonly (typeof ANA)[] } | { readonly vote: typeof ANA } | { readonly spoil: true };

test('whatever is edited and answered in whatever order, an approval has a quorum of people who were listed when it asked and still are', async () => {
  const all = [ANA, BO, CY, EVE];
  const some = fc.subarray(all, { minLength: 1 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    some.map((edit) => ({ edit })),
    fc.constantFrom(...all).map((vote) => ({ vote })),
    fc.constant({ spoil: true as const }),
  );
  await fc.assert(
    fc.asyncProperty(some, fc.array(step, { maxLength: 8 }), async (first, steps) => {
      const one = await prepare(new GateFixture(), listOf(...first));
      await one.look(1);
      let now: readonly (typeof ANA)[] = first;
      const yes = new Set<string>();
      for (const [index, what] of steps.entries()) {
        const ended = (await outcome(one)) !== undefined;
        if ('edit' in what) {
          now = what.edit;
          one.listed[LIST] = listOf(...now);
        } else if ('spoil' in what) {
          now = [];
          one.listed[LIST] = 'not a list';
        } else if (one.mailsTo(what.vote).length > 0 && !ended) {
          yes.add(what.vote.id);
          await one.decide(what.vote, 'APPROVE', 60 + index);
        }
        if (!ended) {
          await one.look(60 + index);
          const right = first.filter((who) => now.includes(who) && yes.has(who.id));
          expect((await outcome(one))?.kind).toBe(right.length >= 2 ? 'APPROVED' : undefined);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('whoever was to be asked later is asked then, also where somebody puts them on the list meanwhile', async () => {
  gate.people = [DI];
  const people = { groups: [{ quorum: 1, ids: [], list: LIST }], escalation: { afterMinutes: 60, ids: [DI.id] } };
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people }) });
  await gate.look(1);
  gate.listed[LIST] = listOf(ANA, BO, CY, DI);
  await gate.live(2, hours(2));
  expect(gate.mailsTo(DI)).toHaveLength(1);

  await gate.decide(DI, 'APPROVE', hours(3));
  expect((await outcome())?.summary).toContain('Approved by di@example.com');
});

test('a vote of whoever was asked later stands when somebody puts them on the list', async () => {
  gate.people = [DI];
  const people = { groups: [{ quorum: 2, ids: [], list: LIST }], escalation: { afterMinutes: 60, ids: [DI.id] } };
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people }) });
  await gate.look(1);
  await gate.look(hours(1) + 1);
  await gate.look(hours(1) + 2);
  await gate.decide(DI, 'APPROVE', hours(2));
  gate.listed[LIST] = listOf(ANA, BO, CY, DI);
  await gate.decide(ANA, 'APPROVE', hours(3));

  expect((await outcome())?.kind).toBe('APPROVED');
});
