/** The page of a request that takes no more answers: each way in which one ends, word for word. */
import type { Outcome } from '../../../lambda/domain/request';
import type { Ending } from '../../../lambda/review/ending';
import { endingPage } from '../../../lambda/review/ending-page';
import { shownNumber } from '../../../lambda/signing/link-key';
import { markupOf, wordsOf } from './ask';
import { APPROVED, BO, DEADLINE, EVIDENCE, invitation, POLICY, REQUEST } from './fixture';
import { tagIn } from './page-state';

const SEED = 'A'.repeat(43);
const me = invitation(BO, 'bo@example.com', SEED);
const ending = (more: Partial<Ending> = {}): Ending => ({
  kind: 'ENDING',
  link: { requestId: REQUEST, approver: BO, seed: SEED },
  gate: POLICY.gate,
  isRollback: false,
  how: { state: 'DELIVERED', outcome: APPROVED },
  isExcluded: false,
  isFollowedUp: false,
  ...more,
});
const outcome = (more: Partial<Outcome>): Outcome => ({ ...APPROVED, ...more });
const pageOf = (more: Partial<Ending>, review?: Parameters<typeof endingPage>[2]) =>
  String(endingPage(ending(more), undefined, review));
const words = (more: Partial<Ending>) => wordsOf({ body: pageOf(more) });

test.each<[Outcome['by'], Outcome['kind'], string, string, string]>([
  ['PEOPLE', 'APPROVED', 'Approved', 'good', 'The people who were asked approved this change.'],
  ['PEOPLE', 'REJECTED', 'Rejected', 'bad', 'Somebody who was asked rejected it.'],
  ['BREAK_GLASS', 'APPROVED', 'Opened in an emergency', 'wait', 'One person opened it alone, in an emergency.'],
  ['CHECKS', 'APPROVED', 'Approved', 'good', 'The checks decided it.'],
  [
    'ROLLBACK',
    'APPROVED',
    'Approved',
    'good',
    'This automatic rollback brings back a run that had passed this gate, so nobody had to answer.',
  ],
  [
    'ROLLBACK',
    'REJECTED',
    'Rejected',
    'bad',
    'The rollback stepped aside for a newer run that waited behind it. What it deployed stays.',
  ],
  [
    'NEWER_RUN',
    'REJECTED',
    'Rejected',
    'bad',
    'A newer run waited for this stage, and took the place of this one before there were enough answers.',
  ],
  ['CONSOLE', 'REJECTED', 'Rejected', 'bad', 'An approver answered in the AWS console.'],
  ['BYPASS', 'APPROVED', 'Approved', 'good', 'It was answered in AWS, outside this workflow.'],
  ['CODEPIPELINE', 'EXPIRED', 'Time ran out', 'wait', 'There were not enough answers in time.'],
  ['CODEPIPELINE', 'STOPPED', 'The run was stopped', 'wait', 'The run ended before the gate had an answer.'],
])('ended by %s, %s: the whole page', (by, kind, title, tone, sentence) => {
  const page = pageOf({ how: { state: 'DELIVERED', outcome: outcome({ by, kind }) } });

  expect(wordsOf({ body: page })).toBe(
    `shop-release › Prod › Approve ${title} ${sentence} It ended on Monday 23 November 2026, 09:20 UTC. ` +
      'CodePipeline has the answer. No answer of yours was recorded. ' +
      'Nothing is left to do here. You can close this page. Refresh',
  );
  expect(page).toContain(`<title>${title} · shop-release</title>`);
  expect(page).toContain(`<div class="note ${tone}">`);
  expect(tagIn(page, 'main')).toBe('<main data-phase="ended">');
});

test('a rollback that people approved is called one', () => {
  expect(words({ isRollback: true })).toContain('Approved The people who were asked approved this rollback. It ended');
});

const decided = (heldBack: Extract<Ending['how'], { readonly state: 'DECIDED' }>['heldBack']): Ending['how'] => ({
  state: 'DECIDED',
  outcome: APPROVED,
  heldBack,
});
const held = { summary: 'Approved by Ana', why: 'its deployment window is closed', since: APPROVED.at };

test.each<[string, Ending['how'], string, string, string]>([
  [
    'time is over',
    { state: 'TIME_OVER', deadline: DEADLINE },
    'Time is up',
    'wait',
    'This gate stopped taking answers on Wednesday 25 November 2026, 09:00 UTC. CodePipeline has not said yet how it ended.',
  ],
  [
    'CodePipeline is being told',
    decided(undefined),
    'Approved',
    'good',
    'The people who were asked approved this change. It was decided on Monday 23 November 2026, 09:20 UTC. ' +
      'CodePipeline is being told.',
  ],
  [
    'it is held back until the checks are healthy',
    decided('UNTIL_HEALTHY'),
    'Approved, and held back',
    'wait',
    'The people who were asked approved this change. It was decided on Monday 23 November 2026, 09:20 UTC. ' +
      'CodePipeline does not have the answer yet: the approval is held back until the checks are healthy, and goes out by itself then.',
  ],
  [
    'it is held back until a time',
    decided({ ...held, opensAt: '2026-11-24T09:00:00.000Z' }),
    'Approved, and held back',
    'wait',
    'The people who were asked approved this change. It was decided on Monday 23 November 2026, 09:20 UTC. ' +
      'CodePipeline does not have the answer yet: the approval goes out by itself on Tuesday 24 November 2026, 09:00 UTC.',
  ],
  [
    'it is held back, nobody knows until when',
    decided(held),
    'Approved, and held back',
    'wait',
    'The people who were asked approved this change. It was decided on Monday 23 November 2026, 09:20 UTC. ' +
      'CodePipeline does not have the answer yet: its deployment window is closed.',
  ],
])('while %s: the whole page, which follows', (_, how, title, tone, sentences) => {
  const page = pageOf({ how });

  expect(wordsOf({ body: page })).toBe(
    `shop-release › Prod › Approve ${title} ${sentences} No answer of yours was recorded. ` +
      'Refresh This page updates by itself.',
  );
  expect(page).toContain(`<title>${title} · shop-release</title>`);
  expect(page).toContain(`<div class="note ${tone}">`);
  expect(tagIn(page, 'main')).toBe('<main data-phase="telling">');
});

describe('while a follow-up is open', () => {
  const how = { state: 'DELIVERED', outcome: outcome({ by: 'BREAK_GLASS' }) } as const;
  const review = { me: { ...me, wrongNumbers: 5 }, evidence: EVIDENCE, summary: 'Opened by Ana alone.\nIll' };
  const STATUS =
    'shop-release › Prod › Approve Opened in an emergency One person opened it alone, in an emergency. ' +
    'It ended on Monday 23 November 2026, 09:20 UTC. CodePipeline has the answer. No answer of yours was recorded. ' +
    'Its follow-up is open: a second person has to look at what happened, and to close it.';
  const number = (digits: number) => shownNumber(SEED, EVIDENCE, digits);
  const formOf = (page: string) => markupOf(/<section[\s\S]*<\/section>/.exec(page)?.[0]);
  const link = `<input type="hidden" name="by" value="${BO}" /> <input type="hidden" name="key" value="${SEED}" />`;
  const start =
    '<section class="card ending" aria-labelledby="follow-up"><h2 id="follow-up">A second person has to look at this</h2>' +
    '<p class="text">Opened by Ana alone. Ill</p>' +
    `<form id="review" method="post" action="/r/${REQUEST}" autocomplete="off"> ${link} ` +
    `<input type="hidden" name="evidence" value="${EVIDENCE}" /> <button type="submit" disabled hidden></button>`;
  const end =
    '<button class="yes" type="submit" name="verdict" value="REVIEWED">Close the follow-up</button></form></section>';
  const HELP = 'It shows that a person is answering, not a mail scanner.';

  test('those who were not asked are told of it, and have no form', () => {
    const page = pageOf({ how, isFollowedUp: true });

    expect(wordsOf({ body: page })).toBe(`${STATUS} Refresh This page updates by itself.`);
    expect(page).not.toContain('<section');
    expect(tagIn(page, 'main')).toBe('<main data-phase="telling">');
  });

  test('whoever was asked has a form, empty at first', () => {
    const page = pageOf({ how, isFollowedUp: true, review });

    expect(wordsOf({ body: page })).toBe(
      `${STATUS} A second person has to look at this Opened by Ana alone. Ill Type this number ${number(6)} ${HELP} ` +
        'What did you find? (required) Close the follow-up Refresh This page updates by itself.',
    );
    expect(formOf(page)).toBe(
      `${start}<div class="field"><label for="review-number">Type this number</label><div class="proof"> ` +
        `<strong class="shown" id="review-number-shown">${number(6)}</strong> ` +
        '<input class="number" id="review-number" name="number" type="text" inputmode="numeric" autocomplete="off" maxlength="12" ' +
        'required value="" aria-describedby="review-number-shown review-number-help" /></div>' +
        `<p class="small soft help" id="review-number-help">${HELP}</p></div>` +
        '<div class="field"><label for="review-comment">What did you find? <span class="soft">(required)</span></label> ' +
        `<textarea id="review-comment" name="comment" rows="3" maxlength="400" required> </textarea></div> ${end}`,
    );
  });

  test('what was typed and what is wrong with it come back', () => {
    const typed = {
      number: '77',
      comment: 'Fine',
      wrongNumbers: 25,
      problems: [
        { field: 'number', text: 'Number?' },
        { field: 'comment', text: 'Comment?' },
      ],
    } as const;
    const text = formOf(pageOf({ how, isFollowedUp: true, review }, typed));

    expect(text).toContain(`id="review-number-shown">${number(8)}</strong>`);
    expect(text).toContain(
      'value="77" aria-describedby="review-number-shown review-number-help review-number-problem"',
    );
    expect(text).toContain('<p class="problem" id="review-number-problem">Number?</p>');
    expect(text).toContain('aria-describedby="review-comment-problem"> Fine</textarea>');
    expect(text).toContain('<p class="problem" id="review-comment-problem">Comment?</p>');
  });

  test('without a wrong number so far it asks for the short one', () => {
    const { wrongNumbers: _, ...none } = review.me;

    expect(pageOf({ how, isFollowedUp: true, review: { ...review, me: none } })).toContain(`shown">${number(4)}<`);
  });

  test('whoever has just closed it is told so, and has no form any more', () => {
    const page = pageOf({ how, isFollowedUp: true, review }, 'RECORDED');

    expect(wordsOf({ body: page })).toBe(
      `${STATUS} Recorded: you close its follow-up. Refresh This page updates by itself.`,
    );
    expect(page).not.toContain('<section');
  });
});

test('the page goes on knowing what was sent, and shows itself anew by its own link', () => {
  const page = String(endingPage(ending(), { verdict: 'APPROVE', seq: 7 }));

  expect(page).toContain('<input type="hidden" name="submitted" value="APPROVE@7" />');
  expect(tagIn(page, 'form')).toBe(`<form id="again" class="again" method="post" action="/r/${REQUEST}/status">`);
  expect(wordsOf({ body: page })).toContain('Your approval came too late and was not counted. Nothing is left');
});
