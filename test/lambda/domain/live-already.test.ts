/** What people read about a change that serves already: may it stay, and not whether it may go ahead. */
import { digestMail } from '../../../lambda/domain/digest-mail';
import {
  emergencyMail,
  escalationMail,
  furtherMail,
  outcomeMail,
  reminderMail,
  requestMail,
} from '../../../lambda/domain/mail-text';
import type { CheckState, Closed, Outcome, Run } from '../../../lambda/domain/request';
import { CLOSED, APPROVED, ONE_OF_THEM, rollback, RULES, RUN, SERVING, waiting } from '../review/fixture';

const bo = { mail: 'bo@example.com', name: 'Bo', shared: false };
const PAGE = { leadsTo: 'PAGE', url: 'https://example.com/r/1' } as const;
const sender = { workflow: '' };

const GOES_BACK = { kind: 'GOES_BACK', to: [SERVING] } as const;
const NOTHING = { kind: 'NOTHING_TO_GO_BACK_TO' } as const;
const STAYS = { kind: 'STAYS' } as const;
const red: CheckState = {
  id: 'a',
  title: 'alarm shop-5xx',
  verdict: 'FAIL',
  reason: 'It turned red.',
  observeOnly: false,
};
const silent: CheckState = { ...red, verdict: 'INCONCLUSIVE', reason: 'It says nothing.' };
const CHECKED = { ...RULES.AUTOMATED_ELSE_PEOPLE, people: ONE_OF_THEM };
const MANUAL = { ...RULES.MANUAL, people: ONE_OF_THEM };

const failed = waiting({ rule: CHECKED, shown: { checks: [red] }, run: { deployed: true, onReject: GOES_BACK } });
const unsure = waiting({ rule: CHECKED, shown: { checks: [silent] }, run: { deployed: true, onReject: GOES_BACK } });
const manual = waiting({ rule: MANUAL, run: { deployed: true, onReject: GOES_BACK } });
const before = waiting({ rule: CHECKED, shown: { checks: [red] }, run: { onReject: GOES_BACK } });
const stays = waiting({ rule: CHECKED, shown: { checks: [red] }, run: { deployed: true, onReject: STAYS } });
const between = waiting({ rule: MANUAL, run: { deployed: true, onReject: STAYS } });

describe('the email that asks whether a change may stay', () => {
  test('says in its subject and first line that it is live, and that a check failed', () => {
    const { subject, text } = requestMail(failed, bo, PAGE, sender);

    expect(subject).toBe('Check failed. Approve? shop-release Prod - Round basket totals once, at the end');
    expect(text).toMatch(
      /^Hello Bo, can this change stay in Prod of shop-release\? It is live there already\. A check failed, so people decide\.\n/,
    );
  });

  test('says what either answer does, and what happens by itself and until when', () => {
    expect(requestMail(failed, bo, PAGE, sender).text).toContain(`
Please answer by Wednesday 25 November 2026, 09:00 UTC. One answer is enough.
If it is approved, it stays live, and the run goes on.
If it is rejected, the change goes no further, and Prod goes back to 1c6fd0f23a5b "Show delivery dates in the basket".
If nobody answers in time, it is rejected by itself. Until then it stays live.
`);
  });

  test('says so where there is nothing to go back to', () => {
    const { text } = requestMail({ ...failed, run: { ...failed.run, onReject: NOTHING } }, bo, PAGE, sender);

    expect(text).toContain('It is live there already. A check failed');
    expect(text).toContain(
      '\nIf it is rejected, the change goes no further. CodePipeline has nothing to go back to, so Prod keeps the version that is live.\n',
    );
  });

  test('claims no failed check where none failed', () => {
    const { subject, text } = requestMail(unsure, bo, PAGE, sender);

    expect(subject).toMatch(/^Live already\. Approve\? shop-release Prod - /);
    expect(text).toContain(
      'It is live there already. The checks could not tell whether it is healthy, so people decide.\n',
    );
    expect(requestMail(manual, bo, PAGE, sender).subject).toMatch(/^Live already\. Approve\? shop-release Prod - /);
    expect(requestMail(manual, bo, PAGE, sender).text).toContain('of shop-release? It is live there already.\n');
  });

  test('says the same when it reminds, and to whoever is asked later', () => {
    const reminder = reminderMail(failed, bo, PAGE, sender);
    const further = furtherMail(failed, bo, PAGE, sender);

    expect(reminder.subject).toMatch(/^Check failed\. Still waiting: shop-release Prod - /);
    expect(reminder.text).toMatch(/this still waits for your answer: can this change stay in Prod of/);
    expect(further.subject).toMatch(/^Check failed\. Approve\? shop-release Prod - /);
    expect(further.text).toMatch(/so you are asked as well: can this change stay in Prod of/);
    expect(escalationMail(failed, bo, PAGE, ['Cy'], sender).text).toContain('\nIf it is approved, it stays live');
    expect(emergencyMail(failed, bo, PAGE, sender).subject).toMatch(/^In an emergency: /);
  });

  test('is still below what SNS takes', () => {
    const asked = { ...failed.asked, pipeline: 'p'.repeat(100), stage: 's'.repeat(100) };

    expect(requestMail({ ...failed, asked }, bo, PAGE, sender).subject.length).toBeLessThan(100);
  });
});

test('in a digest, a change that is live already is said to be', () => {
  const item = (request: typeof failed) =>
    ({ kind: 'WAITS', because: 'ASKED', request, link: PAGE, further: false }) as const;
  const { text } = digestMail([item(failed), item(before)], 0, bo, sender);

  expect(text.match(/It is live in Prod already\./g)).toHaveLength(1);
  expect(text.match(/A check failed, so people decide\./g)).toHaveLength(2);
});

test('of a change that a rejection leaves where it is, says that it is live, and not that a rejection takes it back', () => {
  const { subject, text } = requestMail(stays, bo, PAGE, sender);

  expect(subject).toMatch(/^Check failed\. Approve\? /);
  expect(text).toContain('can this change go ahead in Prod of shop-release? It is live there already. A check failed');
  expect(text).toContain(
    '\nIf it is rejected, the change goes no further, and Prod keeps the version that is live.\n' +
      'If nobody answers in time, it is rejected by itself.\n',
  );
});

test('a question in front of a deployment names a failed check, too', () => {
  expect(requestMail(before, bo, PAGE, sender).subject).toMatch(/^Check failed\. Approve\? /);
});

test.each([
  ['a question in front of a deployment', before],
  ['a question between two deployments of a stage', between],
  ['a question about a rollback', { ...failed, run: { ...rollback(), deployed: true as const } }],
])('%s asks whether it can go ahead', (_, request) => {
  const { subject, text } = requestMail(request, bo, PAGE, sender);

  expect(subject).toContain('Approve? ');
  expect(subject).not.toContain('Live already');
  expect(text).toContain('go ahead in Prod of shop-release?');
  expect(text).not.toMatch(/live there already|stays live|If it is approved/);
});

describe('the email about the outcome', () => {
  const ended = (more: Partial<Outcome>, onReject: Run['onReject'] = GOES_BACK): Closed => ({
    ...CLOSED,
    run: { ...RUN, deployed: true, onReject },
    outcome: { ...APPROVED, ...more },
  });

  test.each([
    [{}, 'the change was approved, and it stays in Prod.'],
    [{ by: 'CHECKS' }, 'the change was approved by its checks, and it stays in Prod.'],
    [{ by: 'BREAK_GLASS' }, 'one person opened the gate alone, in an emergency, and the change stays in Prod.'],
    [{ kind: 'REJECTED' }, 'the change was rejected. The change goes no further, and Prod goes back to 1c6fd0f23a5b'],
  ] as const)('%j', (outcome, sentence) => {
    expect(outcomeMail(ended(outcome), bo).text).toContain(`Hello Bo, ${sentence}`);
  });

  test('of a change that a rejection would not have taken back says that the stage goes ahead', () => {
    expect(outcomeMail(ended({}, STAYS), bo).text).toContain('the change was approved, and Prod goes ahead.');
  });
});
