/** A workflow without links: people are asked by email, and answer in the console. */
import type { Answers } from '../../../lambda/decide/ports';
import { IN_FORCE } from '../../../lambda/domain/in-force';
import { isKnown } from '../../../lambda/domain/request';
import { ANA, at, BO, BY_ANA, CY, days, EVE, GATE, hours, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, type GateFixture } from './gate-fixture';

const CONSOLE = 'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view?region=eu-west-1';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  Object.assign(gate.ports, { answers: { way: 'IN_CONSOLE' } satisfies Answers });
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 1 } }) });
  await gate.ask();
});

const outcome = async () => {
  const request = await gate.request();
  return isKnown(request) && 'outcome' in request ? request.outcome : undefined;
};
const recipients = () => gate.mails.map(({ to }) => to).sort();
const answered = (by: string, seconds: number) => {
  gate.codePipeline.action = { status: 'SUCCEEDED', answer: { by, at: at(seconds) } };
};

test('everybody is asked once, by the console link, and no key of a link is made', async () => {
  await gate.look(1);
  await gate.look(2);

  expect(recipients()).toEqual([ANA.mail, BO.mail, CY.mail]);
  for (const { text } of gate.mails) {
    expect(text).toContain(`Look and answer in the AWS console:\n${CONSOLE}\n`);
    expect(text).not.toMatch(/key=|\/r\/|review\.example\.com/);
  }
  expect(await gate.invitation(CY)).toMatchObject({ keys: [], askedAt: at(1), sentAt: at(1) });
  expect((await gate.records()).invitations.flatMap(({ keys }) => keys)).toEqual([]);
  expect(gate.events.filter(({ type }) => type === 'Gate Needs Console')).toEqual([]);
});

test('those who are silent are reminded, by the console link', async () => {
  await gate.look(1);
  await gate.look(hours(12) + 1);

  const reminders = gate.mails.filter(({ subject }) => subject.startsWith('Still waiting'));
  expect(reminders.map(({ to }) => to).sort()).toEqual([ANA.mail, BO.mail, CY.mail]);
  reminders.forEach(({ text }) => expect(text).toContain(CONSOLE));
});

test.each([
  ['somebody who is known is an approval, and everybody is told', BY_ANA, 'CONSOLE'],
  ['anybody else is a bypass, and everybody is told', EVE, 'BYPASS'],
])('the answer of %s', async (_, by, kind) => {
  await gate.look(1);
  answered(by, minutes(5));
  await gate.look(minutes(6));

  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: kind });
  expect(
    gate.mails
      .slice(3)
      .map(({ to }) => to)
      .sort(),
  ).toEqual([ANA.mail, BO.mail, CY.mail]);
  expect((await gate.request()).phase).toBe('CLOSED');
});

test('the answer of an author who has no vote is a bypass', async () => {
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 1, excludeAuthor: true } }) });
  gate.codePipeline.run = { authors: ['ana-gh'] };
  await gate.look(1);
  answered(BY_ANA, minutes(5));
  await gate.look(minutes(6));

  expect(recipients()).not.toContain(ANA.mail);
  expect(await outcome()).toMatchObject({ by: 'BYPASS' });
});

test('somebody whose mail was on its way when the request ended is told how', async () => {
  let left = 1;
  gate.scheduled = async (call) => {
    if (call === 'mailer.send' && left > 0) {
      left -= 1;
      answered(EVE, 2);
      await gate.look(minutes(3));
    }
  };

  await gate.look(1);

  const [first] = gate.mails.filter(({ subject }) => subject.startsWith('Approve?'));
  expect(gate.mails.filter(({ subject }) => subject.startsWith('Approved')).map(({ to }) => to)).toContain(first?.to);
});

test('nobody is asked any more once the end is fixed', async () => {
  let left = 1;
  gate.scheduled = async (call) => {
    if (call === 'invitations.mark' && left > 0) {
      left -= 1;
      await gate.store.decide(
        REQUEST,
        { kind: 'STOPPED', by: 'CODEPIPELINE', at: at(1), summary: 'It stopped' },
        undefined,
        (await gate.known()).shown.evidence,
      );
    }
  };

  await gate.look(1).catch(() => undefined);

  expect(gate.mails.filter(({ subject }) => subject.startsWith('Approve?'))).toEqual([]);
});

test('a gate that takes two people says that the console cannot open it', async () => {
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { quorum: 2 } }) });
  await gate.look(1);
  await gate.look(minutes(10));

  const told = gate.events.filter(({ type }) => type === 'Gate Needs Console').map(({ details }) => details['reason']);
  expect(told).toEqual(["it takes 2 approvers, and an answer in the console is one person's"]);
});

test('a quorum that opened the gate by links before takes one bypass, which brings the new rule into force', async () => {
  const policy = (quorum: number) => policyOf({ rule: ruleOf('MANUAL', { people: { quorum } }) });
  await gate.ports.inForce.orFirst(GATE, policy(2));
  gate.policy = policy(1);
  await gate.look(1);
  await gate.look(2);

  const told = gate.events.filter(({ type }) => type === 'Gate Needs Console').map(({ details }) => details['reason']);
  expect(told).toEqual([
    "its rule is being weakened; by the former one, it takes 2 approvers, and an answer in the console is one person's",
  ]);
  answered(BY_ANA, minutes(5));
  await gate.look(minutes(6));
  expect(await outcome()).toMatchObject({ kind: 'APPROVED', by: 'BYPASS' });
  const [row] = await gate.rows.query(IN_FORCE);
  expect(JSON.parse(String(row?.['document']))).toEqual(policy(1));
});

test('expires as always', async () => {
  await gate.look(1);
  gate.codePipeline.action = { status: 'FAILED', answer: { at: at(days(1)) } };
  await gate.look(days(1) + 120);

  expect(await outcome()).toMatchObject({ kind: 'EXPIRED' });
});
