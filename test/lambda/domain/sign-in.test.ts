/** Signing in at the dashboard: which rows are understood, what is signed, and how long it holds. */
import {
  errandText,
  isErrand,
  isOver,
  linkUsedText,
  mayLook,
  parseErrand,
  parseSession,
  parseSignInLink,
  signInMail,
  viewerAmong,
} from '../../../lambda/domain/sign-in';
import { ANA, at, BO, hours, person, REQUEST } from '../samples';

const SESSION = '0123456789abcdef'.repeat(2);
const KEY = 'Ab_-'.repeat(10) + 'xyz';
const SIG = 'Zz_-09'.repeat(14) + 'Qw';
const AWAY = `${BO.id} now 2026-12-01`;

const link = { pk: `sign-in#${ANA.id}`, comment: KEY, seq: 7, sig: SIG };
const session = { pk: `session#${SESSION}`, verdict: 'LOOK', comment: '', seq: 7, sig: SIG };
const viewer = { pk: `viewer#${ANA.id}`, verdict: 'LOOK', comment: '' };

describe('a row of the decisions table', () => {
  test.each([
    [`sign-in#${ANA.id}`, true],
    [`session#${SESSION}`, true],
    [`viewer#${ANA.id}`, true],
    ['session#junk', true],
    [REQUEST, false],
    [`x-session#${SESSION}`, false],
    ['sign-in', false],
    ['', false],
    [7, false],
    [undefined, false],
    [['sign-in#'], false],
  ])('with the key %j is an errand: %s', (pk, is) => {
    expect(isErrand({ pk })).toBe(is);
  });
});

describe('an errand', () => {
  test.each([
    ['a link is wanted', { pk: link.pk }, { kind: 'LINK_WANTED', approver: ANA.id }],
    ['a link was used', link, { kind: 'LINK_USED', approver: ANA.id, sessionKey: KEY, seq: 7, sig: SIG }],
    [
      'the first number is 0',
      { ...link, seq: 0 },
      { kind: 'LINK_USED', approver: ANA.id, sessionKey: KEY, seq: 0, sig: SIG },
    ],
    ['a session looks', session, { kind: 'SESSION', session: SESSION, wish: 'LOOK', about: '', seq: 7, sig: SIG }],
    [
      'a session wants the link of a request',
      { ...session, verdict: 'EMAIL_LINK', comment: REQUEST, seq: 0 },
      { kind: 'SESSION', session: SESSION, wish: 'EMAIL_LINK', about: REQUEST, seq: 0, sig: SIG },
    ],
    [
      'a session signs out',
      { ...session, verdict: 'SIGN_OUT' },
      { kind: 'SESSION', session: SESSION, wish: 'SIGN_OUT', about: '', seq: 7, sig: SIG },
    ],
    [
      'somebody goes away',
      { ...session, verdict: 'AWAY', comment: AWAY },
      { kind: 'SESSION', session: SESSION, wish: 'AWAY', about: AWAY, seq: 7, sig: SIG },
    ],
    [
      'somebody is back',
      { ...session, verdict: 'BACK' },
      { kind: 'SESSION', session: SESSION, wish: 'BACK', about: '', seq: 7, sig: SIG },
    ],
    ['a viewer looks', viewer, { kind: 'VIEWER', approver: ANA.id, wish: 'LOOK', about: '' }],
    [
      'a viewer wants the link of a request',
      { ...viewer, verdict: 'EMAIL_LINK', comment: REQUEST },
      { kind: 'VIEWER', approver: ANA.id, wish: 'EMAIL_LINK', about: REQUEST },
    ],
  ])('is understood: %s', (_, row, value) => {
    expect(parseErrand(row)).toEqual({ ok: true, value });
  });

  const FORM = 'is missing or not of the expected form';
  const WHOLE = `\`seq\` is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
  const ABOUT = '`comment` is not what this wish is about';
  test.each([
    ['no key', {}, `\`pk\` ${FORM}`],
    ['a link of nobody', { pk: 'sign-in#' }, `\`id\` ${FORM}`],
    ['a link of an address', { pk: 'sign-in#ana@example.com' }, `\`id\` ${FORM}`],
    ['a link without a session’s key', { ...link, comment: undefined }, `\`comment\` ${FORM}`],
    ['a key that is too short', { ...link, comment: KEY.slice(1) }, `\`comment\` ${FORM}`],
    ['a key that is too long', { ...link, comment: `${KEY}x` }, `\`comment\` ${FORM}`],
    ['a link’s number below 0', { ...link, seq: -1 }, WHOLE],
    ['a link’s number that is none', { ...link, seq: '7' }, WHOLE],
    ['a link’s signature that is too short', { ...link, sig: SIG.slice(1) }, `\`sig\` ${FORM}`],
    ['a link’s signature that is too long', { ...link, sig: `${SIG}x` }, `\`sig\` ${FORM}`],
    ['a session that is too short', { ...session, pk: session.pk.slice(0, -1) }, `\`id\` ${FORM}`],
    ['a session that is too long', { ...session, pk: `${session.pk}0` }, `\`id\` ${FORM}`],
    ['a session’s number that is no whole one', { ...session, seq: 0.5 }, WHOLE],
    ['a session’s number below 0', { ...session, seq: -1 }, WHOLE],
    ['a session that signs nothing', { ...session, sig: undefined }, `\`sig\` ${FORM}`],
    ['a session’s signature of another form', { ...session, sig: `${SIG.slice(1)}=` }, `\`sig\` ${FORM}`],
    [
      'a wish of no session',
      { ...session, verdict: 'APPROVE' },
      '`verdict` is none of LOOK, EMAIL_LINK, SIGN_OUT, AWAY, BACK',
    ],
    ['a wish of no viewer', { ...viewer, verdict: 'AWAY', comment: AWAY }, '`verdict` is none of LOOK, EMAIL_LINK'],
    ['a viewer who signs out', { ...viewer, verdict: 'SIGN_OUT' }, '`verdict` is none of LOOK, EMAIL_LINK'],
    ['a viewer of no name', { ...viewer, pk: 'viewer#' }, `\`id\` ${FORM}`],
    ['a look about something', { ...session, comment: 'x' }, ABOUT],
    ['a look about nothing at all', { ...session, comment: undefined }, ABOUT],
    ['a viewer’s look about something', { ...viewer, comment: REQUEST }, ABOUT],
    ['a link for no request', { ...session, verdict: 'EMAIL_LINK' }, ABOUT],
    ['a viewer’s link for no request', { ...viewer, verdict: 'EMAIL_LINK', comment: REQUEST.slice(1) }, ABOUT],
    ['an absence about nothing', { ...session, verdict: 'AWAY' }, ABOUT],
    ['an absence about a request', { ...session, verdict: 'AWAY', comment: REQUEST }, ABOUT],
    ['a return about something', { ...session, verdict: 'BACK', comment: AWAY }, ABOUT],
    ['a sign-out about something', { ...session, verdict: 'SIGN_OUT', comment: REQUEST }, ABOUT],
  ])('is refused: %s', (_, row, problem) => {
    expect(parseErrand(row)).toEqual({ ok: false, problem: `errand: ${problem}` });
  });
});

describe('what is signed', () => {
  test('by a link names its person, the key of the session and the number', () => {
    expect(linkUsedText({ approver: ANA.id, sessionKey: KEY, seq: 7 })).toBe(
      `["cdk-approval-gates/sign-in/v1","${ANA.id}","${KEY}",7]`,
    );
  });

  test('by a session names the session, the wish, what it is about and the number', () => {
    expect(errandText({ session: SESSION, wish: 'AWAY', about: AWAY, seq: 7 })).toBe(
      `["cdk-approval-gates/session/v1","${SESSION}","AWAY","${AWAY}",7]`,
    );
  });
});

describe('a link to sign in, as a row', () => {
  const row = { approver: ANA.id, key: KEY, sentAt: at(0) };

  test('is understood, used and unused', () => {
    expect(parseSignInLink(row)).toEqual({ ok: true, value: row });
    expect(parseSignInLink({ ...row, usedBy: SESSION, ttl: 9 })).toEqual({
      ok: true,
      value: { ...row, usedBy: SESSION },
    });
    expect(parseSignInLink(row)).not.toHaveProperty('value.usedBy');
  });

  test.each([
    ['approver', 'ana@example.com', 'is missing or not of the expected form'],
    ['key', 'k', 'is missing or not of the expected form'],
    ['sentAt', 'yesterday', 'is missing or not of the expected form'],
    ['sentAt', '2026-13-23T08:00:00.000Z', 'is not a time'],
    ['usedBy', 7, 'is missing or not of the expected form'],
  ])('is refused with another %s: %j', (field, value, problem) => {
    expect(parseSignInLink({ ...row, [field]: value })).toEqual({
      ok: false,
      problem: `link to sign in: \`${field}\` ${problem}`,
    });
  });
});

describe('a session, as a row', () => {
  const row = { approver: ANA.id, mail: ANA.mail, key: KEY, since: at(0), until: at(hours(8)) };

  test('is understood, with a name or without, and ended or not', () => {
    expect(parseSession(row)).toEqual({ ok: true, value: row });
    expect(parseSession(row)).not.toHaveProperty('value.name');
    expect(parseSession(row)).not.toHaveProperty('value.endedAt');
    const more = { name: 'Ana', endedAt: at(hours(1)) };
    expect(parseSession({ ...row, ...more, ttl: 9 })).toEqual({ ok: true, value: { ...row, ...more } });
  });

  test.each([
    ['approver', 'ana'],
    ['mail', ''],
    ['name', 7],
    ['key', `${KEY}x`],
    ['since', 'now'],
    ['until', 'never'],
    ['endedAt', ''],
  ])('is refused with another %s: %j', (field, value) => {
    expect(parseSession({ ...row, [field]: value })).toEqual({
      ok: false,
      problem: `session: \`${field}\` is missing or not of the expected form`,
    });
  });

  test.each([
    ['one second before its time is up', {}, hours(8) - 1, false],
    ['when its time is up', {}, hours(8), true],
    ['afterwards', {}, hours(9), true],
    ['once it was signed out', { endedAt: at(hours(1)) }, hours(2), true],
    ['when nobody can read until when', { until: 'x' }, 0, true],
  ])('is over or not %s', (_, more, seconds, over) => {
    expect(isOver({ ...row, ...more }, at(seconds))).toBe(over);
  });
});

describe('who may look at the dashboard', () => {
  const guest = person('gil@example.com', { until: at(hours(1)) });

  test('is everybody who was declared and is no guest', () => {
    expect(mayLook(ANA)).toBe(true);
    expect(mayLook(guest)).toBe(false);
    expect(viewerAmong([ANA, BO, guest], BO.id)).toBe(BO);
    expect(viewerAmong([ANA, BO, guest], guest.id)).toBeUndefined();
    expect(viewerAmong([ANA, guest], BO.id)).toBeUndefined();
  });
});

describe('the mail with a link to sign in', () => {
  const LINK = 'https://abc.execute-api.eu-west-1.amazonaws.com/sign-in#k';

  test('says what the link is for, for how long, and what to do without having asked', () => {
    expect(signInMail(ANA, LINK)).toMatchObject({
      subject: 'Sign in to the approvals dashboard',
      text: `Hello, here is your link to the approvals dashboard.

Sign in here:
${LINK}

It works once, for 1 hour. It shows what waits and what was decided; it cannot approve anything.

If you did not ask for it, ignore this email: nobody is signed in until the link is used.
`,
    });
    expect(signInMail(ANA, LINK).html).toMatch(/<span class="calm"[^>]*>Sign in<\/span/);
  });

  test.each([
    ['Ana', 'Hello Ana, here'],
    ['https://a://b', 'Hello https: //a: //b, here'],
    ['x'.repeat(50), `Hello ${'x'.repeat(39)}…, here`],
    [' \u200b ', 'Hello, here'],
  ])('greets %j by name, where there is one, and makes no second link of it', (name, greeting) => {
    expect(signInMail({ ...ANA, name }, LINK).text.startsWith(greeting)).toBe(true);
  });
});
