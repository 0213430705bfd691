/** What people read about an absence. */
import {
  awayMail,
  backMail,
  delegateMail,
  inPlaceOf,
  relievedMail,
  type AbsenceNews,
} from '../../../lambda/domain/absence-mail';
import type { Response } from '../../../lambda/domain/request';
import { ANA, at, BO, CY, hours, person } from '../samples';

const URL = 'https://approvals.example.com/away';
const ana = { ...ANA, name: 'Ana Lopez' };
const news = (more: Partial<AbsenceNews> = {}): AbsenceNews => ({
  absence: { person: ANA.id, delegate: BO.id, from: at(0), until: '2026-11-26T00:00:00.000Z', setAt: at(0) },
  person: ana,
  delegate: BO,
  url: URL,
  ...more,
});
const later = news({
  absence: { ...news().absence, from: '2026-11-24T00:00:00.000Z' },
  timeZone: 'Europe/Berlin',
});
const END = `
Absences at the dashboard:
${URL}

If this surprises you, ask the other person. Who was away can end it there, and sign out.
`;

describe('of an absence', () => {
  test('the person who goes away reads who is asked, from now on until when, and what that means', () => {
    expect(awayMail(news())).toMatchObject({
      subject: 'bo@example.com answers for you',
      text: `Hello Ana Lopez, while you are away, bo@example.com is asked in your place.

From now until Thursday 26 November 2026, 00:00 UTC. What you have answered already stays as it is.
You cannot answer yourself during that time, unless you end the absence.
${END}`,
    });
  });

  test('the delegate reads for whom, and how they are asked', () => {
    expect(delegateMail(news())).toMatchObject({
      subject: 'You answer for Ana Lopez',
      text: `Hello bo@example.com, Ana Lopez is away, and has named you as delegate.

From now until Thursday 26 November 2026, 00:00 UTC. You are asked in the place of Ana Lopez at each gate that lets you be, and answer as yourself.
Each request comes to you in an email of its own.
${END}`,
    });
  });

  test('both read when it begins, where it begins later, in their own time zone too', () => {
    const when =
      'From Tuesday 24 November 2026, 01:00 in Europe/Berlin (00:00 UTC) until ' +
      'Thursday 26 November 2026, 01:00 in Europe/Berlin (00:00 UTC).';

    expect(awayMail(later).text).toContain(`\n${when} What you have answered already stays as it is.\n`);
    expect(delegateMail(later).text).toContain(`\n${when} You are asked in the place of Ana Lopez at each gate`);
  });

  test('that is over, the person who is back reads that nobody is asked in their place any more', () => {
    expect(backMail(news())).toMatchObject({
      subject: 'Your absence is over',
      text: `Hello Ana Lopez, your absence has been ended, and bo@example.com is not asked in your place any more.

Where bo@example.com has answered already, that answer counts.
${END}`,
    });
  });

  test('that is over, the former delegate reads that they are not asked any more', () => {
    expect(relievedMail(news())).toMatchObject({
      subject: 'You no longer answer for Ana Lopez',
      text: `Hello bo@example.com, you are not asked in the place of Ana Lopez any more.

What you have answered already counts.
${END}`,
    });
  });

  test('the mails are calm, with the dashboard as their only link', () => {
    for (const mail of [awayMail, delegateMail, backMail, relievedMail]) {
      const { html } = mail(news());
      expect(html).toContain('<span class="calm"');
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([URL]);
    }
  });

  test('a name that looks like an address becomes no link, and a subject stays one short line', () => {
    const eve = person('eve@example.com', { name: 'Eve https://evil.example\nWWW.evil.example' });

    const { subject, text } = delegateMail(news({ person: eve }));
    expect(text).toContain(', Eve https: //evil.example www .evil.example is away,');
    expect(subject).toBe('You answer for Eve https: //evil.example www .evil.example');
    const long = delegateMail(news({ person: person('x@example.com', { name: 'Zoë '.repeat(40) }) }));
    expect(long.subject).toBe(`You answer for ${'Zoe '.repeat(14)}Zoe...`);
    expect(long.text).toContain(`, ${'Zoë '.repeat(14)}Zoë… is away,`);
  });
});

describe('a mail that asks a delegate', () => {
  const away = (more: Partial<Response>): Response => ({ approver: ANA.id, kind: 'AWAY', delegate: BO.id, ...more });

  test.each<[string, readonly Response[] | undefined, readonly string[]]>([
    ['nothing where nobody has answered', undefined, []],
    ['nothing where nobody is away', [{ approver: ANA.id, kind: 'APPROVED' }], []],
    ['nothing where the place is somebody else’s', [away({ delegate: CY.id })], []],
    [
      'in whose place, and until when',
      [away({ name: 'Ana', until: at(hours(16)) })],
      ['You are asked in the place of Ana, who is away until Tuesday 24 November 2026, 00:00 UTC.'],
    ],
    ['in whose place, of an end that is not known', [away({ name: 'Ana' })], ['You are asked in the place of Ana.']],
    ['that it is somebody’s, of a name that is not known', [away({})], ['You are asked in the place of somebody.']],
    [
      'each place of several',
      [away({ name: 'Ana' }), away({ approver: CY.id, name: 'http://Cy' })],
      ['You are asked in the place of Ana.', 'You are asked in the place of http: //Cy.'],
    ],
  ])('says %s', (_, responses, lines) => {
    expect(inPlaceOf({ ...(responses === undefined ? {} : { responses }) }, BO.id, undefined)).toEqual(lines);
  });

  test('says nothing to somebody of no id, and times in their time zone', () => {
    const responses = [away({ name: 'Ana', until: at(hours(2)) })];

    expect(inPlaceOf({ responses }, undefined, undefined)).toEqual([]);
    expect(inPlaceOf({ responses }, BO.id, 'Europe/Berlin')).toEqual([
      'You are asked in the place of Ana, who is away until Monday 23 November 2026, 11:00 in Europe/Berlin (10:00 UTC).',
    ]);
  });
});
