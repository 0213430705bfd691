/** What people read about an absence: both when it is set or ended, so it is noticed if somebody else did it, and the delegate when asked. */
import type { Person } from '../../contract/policy';
import type { Absence } from './absence';
import { cleanAscii, cleanText } from './clean-text';
import { nameOf } from './count-votes';
import { isBefore } from './time';
import { localTime } from './plain-time';
import type { Request } from './request';
import { placesTaken } from './responses';
import { writeMail, type MailText } from './write-mail';

/** Amazon SNS takes subjects below 100 characters. */
const SUBJECT_LIMIT = 99;

export interface AbsenceNews {
  readonly absence: Absence;
  readonly person: Person;
  readonly delegate: Person;
  /** Where the absence is said and ended. */
  readonly url: string;
  readonly timeZone?: string | undefined;
}

/** To the person who goes away. */
export function awayMail({ absence, person, delegate, url, timeZone }: AbsenceNews): MailText {
  const bo = named(delegate);
  return written(person, `${bo} answers for you`, url, {
    sentence: `while you are away, ${bo} is asked in your place.`,
    lines: [
      `${during(absence, timeZone)} What you have answered already stays as it is.`,
      `You cannot answer yourself during that time, unless you end the absence.`,
    ],
  });
}

/** To the delegate. */
export function delegateMail({ absence, person, delegate, url, timeZone }: AbsenceNews): MailText {
  const ana = named(person);
  return written(delegate, `You answer for ${ana}`, url, {
    sentence: `${ana} is away, and has named you as delegate.`,
    lines: [
      `${during(absence, timeZone)} You are asked in the place of ${ana} at each gate that lets you be, and answer as yourself.`,
      'Each request comes to you in an email of its own.',
    ],
  });
}

/** To the person who is back. */
export function backMail({ person, delegate, url }: AbsenceNews): MailText {
  const bo = named(delegate);
  return written(person, 'Your absence is over', url, {
    sentence: `your absence has been ended, and ${bo} is not asked in your place any more.`,
    lines: [`Where ${bo} has answered already, that answer counts.`],
  });
}

/** To somebody who is no delegate any more. */
export function relievedMail({ person, delegate, url }: AbsenceNews): MailText {
  const ana = named(person);
  return written(delegate, `You no longer answer for ${ana}`, url, {
    sentence: `you are not asked in the place of ${ana} any more.`,
    lines: ['What you have answered already counts.'],
  });
}

/** In a mail that asks a delegate: whose answer it is. */
export function inPlaceOf(
  { responses }: Pick<Request, 'responses'>,
  delegate: string | undefined,
  timeZone: string | undefined,
): readonly string[] {
  return placesTaken(responses, delegate).map(({ name, until }) => {
    const whose = `You are asked in the place of ${quiet(name)}`;
    return until === undefined ? `${whose}.` : `${whose}, who is away until ${localTime(until, timeZone)}.`;
  });
}

function during({ from, until, setAt }: Absence, timeZone: string | undefined): string {
  const begins = isBefore(setAt, from) ? `From ${localTime(from, timeZone)} until` : 'From now until';
  return `${begins} ${localTime(until, timeZone)}.`;
}

function written(
  reader: Person,
  words: string,
  url: string,
  { sentence, lines }: { readonly sentence: string; readonly lines: readonly string[] },
): MailText {
  return writeMail({
    title: { words, tone: 'CALM' },
    subject: cleanAscii(words, SUBJECT_LIMIT),
    parts: [
      { kind: 'LEAD', sentence: `Hello ${named(reader)}, ${sentence}`, more: '' },
      { kind: 'TEXT', lines },
      { kind: 'LINK', words: 'Absences at the dashboard', url },
      {
        kind: 'ASIDE',
        lines: ['If this surprises you, ask the other person. Who was away can end it there, and sign out.'],
      },
    ],
  });
}

function named(person: Person): string {
  return quiet(nameOf(person));
}

/** A name stands in the app's own code, and may hold what looks like an address all the same. */
function quiet(name: string): string {
  return cleanText(name, 60)
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www .');
}
