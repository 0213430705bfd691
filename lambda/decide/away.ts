/** Somebody who is signed in goes away, and names who answers meanwhile; or is back before the time. */
import { log } from '../aws/log';
import { absenceOf, isPast, parseWish, type Absence } from '../domain/absence';
import { awayMail, backMail, delegateMail, relievedMail, type AbsenceNews } from '../domain/absence-mail';
import { ABSENCE_CHANGES, ABSENCE_SLOT } from '../domain/limits';
import type { Person } from '../../contract/policy';
import type { MailText } from '../domain/write-mail';
import { everybodyIn } from '../domain/approver-list';
import { viewerAmong } from '../domain/sign-in';
import { isBefore, slotOf } from '../domain/time';
import { sendNews, urlOf } from './mails';
import type { Ports } from './ports';

/** @param errand tells an errand that is brought again from another one */
export async function goAway(ports: Ports, about: string, approver: string, errand: string, at: string): Promise<void> {
  const people = everybodyIn(await ports.policies.directory());
  const person = viewerAmong(people, approver);
  if (person === undefined || !(await mayChange(ports, approver, errand, at))) {
    return;
  }
  const wanted = absenceOf(person, parseWish(about), people, at);
  if (!wanted.ok) {
    log('WARN', 'an absence was not set', { approver, reason: wanted.problem });
    return;
  }
  const absence = wanted.value;
  const before = (await ports.absences.all()).get(approver);
  if (!(await ports.absences.set(absence))) {
    log('INFO', 'a later absence is known already', { approver });
    return;
  }
  log('INFO', 'an approver goes away', { approver, reason: absence.delegate });
  await tell(ports, people, absence, at, [awayMail, 'person'], [delegateMail, 'delegate']);
  if (before?.ok === true && before.value.delegate !== absence.delegate && !isPast(before.value, at)) {
    await tell(ports, people, before.value, at, [relievedMail, 'delegate']);
  }
}

export async function comeBack(ports: Ports, approver: string, errand: string, at: string): Promise<void> {
  const people = everybodyIn(await ports.policies.directory());
  const absence = (await ports.absences.all()).get(approver);
  if (absence?.ok !== true || !isBefore(at, absence.value.until) || !(await mayChange(ports, approver, errand, at))) {
    return;
  }
  if (!(await ports.absences.end(absence.value, at))) {
    log('INFO', 'there is no absence to end', { approver });
    return;
  }
  log('INFO', 'an approver is back', { approver });
  await tell(ports, people, absence.value, at, [backMail, 'person'], [relievedMail, 'delegate']);
}

async function mayChange(ports: Ports, approver: string, errand: string, at: string): Promise<boolean> {
  const slot = `absence#${slotOf(at, ABSENCE_SLOT)}`;
  const may = await ports.sessions.mayDo(approver, slot, errand, ABSENCE_CHANGES, at);
  if (!may) {
    log('WARN', 'an absence was changed too often within an hour', { approver });
  }
  return may;
}

type Telling = readonly [write: (news: AbsenceNews) => MailText, to: 'person' | 'delegate'];

/** Both, as far as they are still declared: an absence that somebody else has set by a stolen session is noticed so. */
async function tell(
  ports: Ports,
  people: readonly Person[],
  absence: Absence,
  at: string,
  ...tellings: readonly Telling[]
): Promise<void> {
  const { answers, timeZone } = ports;
  const person = people.find(({ id }) => id === absence.person);
  const delegate = people.find(({ id }) => id === absence.delegate);
  if (person === undefined || delegate === undefined || answers.way !== 'BY_LINK') {
    return;
  }
  const url = urlOf(answers, '/dashboard/away');
  const news = { absence, person, delegate, url, timeZone };
  for (const [write, to] of tellings) {
    await sendNews(ports, news[to], write(news), at);
  }
}
