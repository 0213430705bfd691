/** The forms, tag by tag: what a browser sends, and what assistive technology reads. */
import type { GateRule, PeopleRule } from '../../../contract/policy';
import type { Problem } from '../../../lambda/review/answer';
import { emergencySection } from '../../../lambda/review/emergency-section';
import { seenField } from '../../../lambda/review/evidence-seen';
import { answerForm, numberFieldOf, requiredComment, revokeForm } from '../../../lambda/review/form';
import type { PageState } from '../../../lambda/review/question-page';
import { shownNumber } from '../../../lambda/signing/link-key';
import { CHOICE, TICKET } from '../samples';
import { markupOf, wordsIn } from './ask';
import { BO, EVIDENCE, PEOPLE, POLICY, REQUEST, RULES, scene, waiting } from './fixture';
import { stateOf, tagIn } from './page-state';

const SEED = 'A'.repeat(43);
const manual = (more: Partial<PeopleRule> = {}): GateRule => ({ kind: 'MANUAL', people: { ...PEOPLE, ...more } });
const state = (more: Partial<PageState> = {}, request = waiting({ rule: manual() })): PageState =>
  stateOf(
    more,
    request,
    scene(request, {}, () => SEED),
  );
const number = (digits = 4): string => shownNumber(SEED, EVIDENCE, digits);
const LINK = `<input type="hidden" name="by" value="${BO}" /> <input type="hidden" name="key" value="${SEED}" />`;
const seen = (request = waiting()): string => seenField(request).replaceAll('"', '&quot;');
const SHOWN =
  `<input type="hidden" name="evidence" value="${EVIDENCE}" /> <input type="hidden" name="seen" value="${seen()}" /> ` +
  '<button type="submit" disabled hidden></button>';
const HELP = 'It shows that a person is answering, not a mail scanner.';

function numberPart(id: string, typed = '', problem?: string): string {
  return (
    `<div class="field"><label for="${id}">Type this number</label><div class="proof"> ` +
    `<strong class="shown" id="${id}-shown">${number()}</strong> ` +
    `<input class="number" id="${id}" name="number" type="text" inputmode="numeric" autocomplete="off" maxlength="12" required ` +
    `value="${typed}" aria-describedby="${id}-shown ${id}-help` +
    `${problem === undefined ? '" />' : ` ${id}-problem" aria-invalid="true" />`}</div>` +
    `${problem === undefined ? '' : `<p class="problem" id="${id}-problem">${problem}</p>`}` +
    `<p class="small soft help" id="${id}-help">${HELP}</p></div>`
  );
}

test('the form of an answer to a plain gate', () => {
  expect(markupOf(answerForm(state(), false))).toBe(
    '<section class="card" aria-labelledby="decide"><h2 id="decide">Your answer</h2>' +
      `<form id="answer" method="post" action="/r/${REQUEST}" autocomplete="off"> ${LINK} ${SHOWN}${numberPart('number')}` +
      '<div class="field"><label for="comment">Reason <span class="soft">(required to reject)</span></label> ' +
      '<textarea id="comment" name="comment" rows="3" maxlength="400" aria-describedby="comment-help"> </textarea>' +
      '<p class="small soft help" id="comment-help"> Everyone who was asked can read it. At most 400 characters.</p></div>' +
      '<div class="buttons"> <button class="yes" type="submit" name="verdict" value="APPROVE"> Approve </button> ' +
      '<button class="no" type="submit" name="verdict" value="REJECT">Reject</button></div></form></section>',
  );
});

test('the form of an answer with everything that a gate can ask, and a problem at each field', () => {
  const problems: Problem[] = [
    { field: 'number', text: 'Number?' },
    { field: 'comment', text: 'Comment?' },
    { field: 'start', text: 'Start?' },
    { field: 'field-ticket', text: 'Ticket?' },
    { field: 'field-traffic', text: 'Traffic?' },
  ];
  const people: PeopleRule = {
    ...PEOPLE,
    reason: 'ALWAYS',
    startLater: 'ALLOWED',
    fields: [TICKET, CHOICE, { kind: 'TEXT', name: 'note', label: 'Note', optional: true, maxLength: 20 }],
  };
  const request = waiting({ rule: { ...RULES.GUARDED, people }, shown: { checks: [] } });
  const typed = {
    number: '12',
    comment: 'As agreed',
    start: { date: '2026-11-24', time: '22:00' },
    fields: { traffic: '50 %', note: 'b' },
  };
  const seenThere = SHOWN.replace(seen(), seen(request));

  expect(markupOf(answerForm(state({ ...typed, problems, timeZone: 'Europe/Berlin' }, request), true))).toBe(
    '<section class="card" aria-labelledby="decide"><h2 id="decide">Change your answer</h2>' +
      `<form id="answer" method="post" action="/r/${REQUEST}" autocomplete="off" data-kept> ${LINK} ${seenThere}` +
      numberPart('number', '12', 'Number?') +
      '<p class="small soft">Later steps of this run read what you fill in here when you approve.</p>' +
      '<div class="field"><label for="field-ticket">Change ticket <span class="soft">(required to approve)</span></label> ' +
      '<input id="field-ticket" name="field.ticket" type="text" autocomplete="off" maxlength="200" value="" ' +
      'aria-describedby="field-ticket-help field-ticket-problem" aria-invalid="true" />' +
      '<p class="problem" id="field-ticket-problem">Ticket?</p>' +
      '<p class="small soft help" id="field-ticket-help">As in CHG-1234</p></div>' +
      '<fieldset class="field" aria-describedby="field-traffic-problem">' +
      '<legend class="label">How much traffic first <span class="soft">(required to approve)</span></legend>' +
      '<label class="option"><input id="field-traffic" name="field.traffic" type="radio" value="10 %" /> 10 %</label>' +
      '<label class="option"><input name="field.traffic" type="radio" value="50 %" checked /> 50 %</label>' +
      '<p class="problem" id="field-traffic-problem">Traffic?</p></fieldset>' +
      '<div class="field"><label for="field-note">Note <span class="soft">(optional)</span></label> ' +
      '<input id="field-note" name="field.note" type="text" autocomplete="off" maxlength="20" value="b" /></div>' +
      '<div class="field"><label for="comment">Reason <span class="soft">(required)</span></label> ' +
      '<textarea id="comment" name="comment" rows="3" maxlength="400" required ' +
      'aria-describedby="comment-help comment-problem" aria-invalid="true"> As agreed</textarea>' +
      '<p class="small soft help" id="comment-help"> Everyone who was asked can read it. At most 400 characters.</p>' +
      '<p class="problem" id="comment-problem">Comment?</p></div>' +
      '<fieldset class="field" aria-describedby="start-help start-problem">' +
      '<legend class="label">Start later <span class="soft">(optional)</span></legend><div class="start">' +
      '<label><span class="small soft">Date</span> ' +
      '<input id="start" name="start-date" type="date" value="2026-11-24" aria-invalid="true" /></label>' +
      '<label><span class="small soft">Time in Europe/Berlin</span> ' +
      '<input id="start-time" name="start-time" type="time" value="22:00" aria-invalid="true" /></label></div>' +
      '<p class="problem" id="start-problem">Start?</p>' +
      '<p class="small soft help" id="start-help"> Leave both empty to start at once. ' +
      'A rejection acts at once in any case, and takes back what has not started yet.</p></fieldset>' +
      '<p class="note wait field" id="locked">Approve is locked until every check is healthy. You may reject now.</p>' +
      '<div class="buttons"> <button class="yes" type="submit" name="verdict" value="APPROVE" disabled aria-describedby="locked">' +
      ' Approve </button> <button class="no" type="submit" name="verdict" value="REJECT">Reject</button></div></form></section>',
  );
});

test('a start is described by its help alone where nothing is wrong with it', () => {
  const form = answerForm(state({}, waiting({ rule: manual({ startLater: 'ALLOWED' }) })), false);

  expect(tagIn(form, 'fieldset')).toBe('<fieldset class="field" aria-describedby="start-help">');
  expect(tagIn(form, 'input', 'start-time')).toBe('<input id="start-time" name="start-time" type="time" value="">');
});

test.each<[string, Partial<PageState>, boolean]>([
  ['were refused', { fields: { ticket: 'x' }, problems: [{ field: 'number', text: '?' }] }, true],
  ['met another view', { fields: { ticket: 'x' }, changes: ['another'] }, true],
  ['were taken', { fields: { ticket: 'x' } }, false],
  ['are empty', { fields: {}, problems: [{ field: 'number', text: '?' }] }, false],
  ['are not there', { changes: ['another'] }, false],
])('the script leaves fields alone that %s: %j', (_, more, isKept) => {
  const tag = tagIn(answerForm(state(more), false), 'form');

  expect(tag).toBe(
    `<form id="answer" method="post" action="/r/${REQUEST}" autocomplete="off"${isKept ? ' data-kept' : ''}>`,
  );
});

test('what was typed for an emergency stands in no other form', () => {
  const answer = answerForm(state({ isEmergency: true, number: number(), comment: 'Ill customers' }), false);

  expect(tagIn(answer, 'input', 'id="number"')).toContain(' value="" ');
  expect(markupOf(answer)).toContain('aria-describedby="comment-help"> </textarea>');
});

test.each([
  ['OPTIONAL', '(optional)'],
  ['FOR_REJECTION', '(required to reject)'],
  ['ALWAYS', '(required)'],
] as const)('a reason that is %s is called %s', (reason, words) => {
  expect(wordsIn(answerForm(state({}, waiting({ rule: manual({ reason }) })), false))).toContain(
    `Reason ${words} Every`,
  );
});

test('the form by which a link is revoked', () => {
  const form = state({ number: '77' });
  const of = (shared: boolean): string =>
    markupOf(revokeForm({ ...form, question: { ...form.question, me: { ...form.question.me, shared } } }));
  const sentence = 'The link in the email acts for this address alone.';

  expect(of(false)).toBe(
    '<section class="card quiet" aria-labelledby="me"><h2 id="me" class="me">' +
      '<span class="soft">You are answering as</span> bo@example.com</h2>' +
      `<p class="small soft"> ${sentence}</p><details> <summary>Not you? Revoke this link</summary>` +
      `<form method="post" action="/r/${REQUEST}/revoke" autocomplete="off"> ${LINK}` +
      '<p>After that, nobody can answer by this link. It neither approves nor rejects.</p>' +
      `${numberPart('revoke-number')} <button class="plain" type="submit">Revoke this link</button></form></details></section>`,
  );
  expect(of(true)).toContain(`<p class="small soft"> This is a shared mailbox: it counts as one vote. ${sentence}</p>`);
});

describe('the form of an emergency', () => {
  const request = (more = {}) => {
    const rule = manual({ breakGlass: [BO] });
    const policy = { ...POLICY, rule, ...more };
    return waiting({ run: { mayBreakGlass: [BO] }, shown: { policy } });
  };
  const of = (more: Partial<PageState> = {}, policy = {}) => emergencySection(state(more, request(policy)));

  test('folded, and empty although something was typed elsewhere', () => {
    expect(markupOf(of({ number: '77', comment: 'As agreed' }))).toBe(
      '<section class="card quiet" aria-labelledby="emergency"><h2 id="emergency">In an emergency</h2>' +
        `<details> <summary>Open this gate now, alone</summary>` +
        `<form id="alone" method="post" action="/r/${REQUEST}" autocomplete="off"> ${LINK} ${SHOWN}` +
        '<p> Prod goes ahead at once, without the approvals that it asks for. ' +
        'Everybody who was asked is told that it was you, and why.</p>' +
        numberPart('emergency-number') +
        '<div class="field"><label for="emergency-comment">What is the emergency? <span class="soft">(required)</span></label> ' +
        '<textarea id="emergency-comment" name="comment" rows="3" maxlength="400" required> </textarea></div> ' +
        '<button class="no" type="submit" name="verdict" value="BREAK_GLASS">Open this gate now</button></form></details></section>',
    );
  });

  test('open, with what was typed and what is wrong with it', () => {
    const problems: Problem[] = [
      { field: 'emergency-number', text: 'Number?' },
      { field: 'emergency-comment', text: 'Comment?' },
      { field: 'number', text: 'Not this one' },
    ];
    const text = markupOf(of({ isEmergency: true, number: '77', comment: 'Ill', problems }));

    expect(text).toContain('<details open> <summary>');
    expect(text).toContain(numberPart('emergency-number', '77', 'Number?'));
    expect(text).toContain(
      '<textarea id="emergency-comment" name="comment" rows="3" maxlength="400" required ' +
        'aria-invalid="true" aria-describedby="emergency-comment-problem"> Ill</textarea>' +
        '<p class="problem" id="emergency-comment-problem">Comment?</p></div>',
    );
  });

  const window = { timeZone: 'UTC', ranges: [{ days: [1, 2], from: 540, to: 960 }] };

  test.each<[string, object, string]>([
    ['a window', { window }, ', and without its deployment window or a change calendar'],
    ['a calendar', { freezes: ['freeze'] }, ', and without its deployment window or a change calendar'],
    ['checks', { rule: { ...RULES.GUARDED, people: { ...PEOPLE, breakGlass: [BO] } } }, ', and without its checks'],
    [
      'both',
      { window, rule: { ...RULES.GUARDED, people: { ...PEOPLE, breakGlass: [BO] } } },
      ', and without its checks, and without its deployment window or a change calendar',
    ],
  ])('says that it does not wait for %s', (_, policy, others) => {
    expect(wordsIn(of({}, policy))).toContain(
      `Prod goes ahead at once, without the approvals that it asks for${others}. Everybody who was asked`,
    );
  });

  test('is not there for whoever may not', () => {
    expect(String(emergencySection(state()))).toBe('');
  });
});

test('a field without a problem names none, and the number grows with the wrong ones', () => {
  const { link } = state().question;
  const shown = (wrongNumbers: number) =>
    markupOf(numberFieldOf({ link, evidence: EVIDENCE, wrongNumbers }, 'a', '', undefined));

  expect(shown(0)).toBe(numberPart('a'));
  expect(shown(5)).toContain(`<strong class="shown" id="a-shown">${number(6)}</strong>`);
  expect(markupOf(requiredComment('c', 'Why?', '<b>', undefined))).toBe(
    '<div class="field"><label for="c">Why? <span class="soft">(required)</span></label> ' +
      '<textarea id="c" name="comment" rows="3" maxlength="400" required> &lt;b&gt;</textarea></div>',
  );
});
