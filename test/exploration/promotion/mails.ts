/** What people were asked and told, as their mails say it. */
import { linksIn } from '../../../rehearsal/approval-gates/review-page';
import type { ActionRun } from '../../../rehearsal/pipeline/execution';
import type { Mail } from '../../../rehearsal/record';

export interface Asked {
  /** Who, about which gate and which change. */
  readonly what: string;
  /** Requests of which somebody got a link. */
  readonly asked: number;
  /** Mails that say how one of them ended. */
  readonly told: number;
}

/** Whether somebody got a link to a gate since that waits. */
export function isAsked(mails: readonly Mail[], { stage, action, startedAt }: ActionRun, by: string): boolean {
  return mails.some(
    (mail) =>
      mail.to === by &&
      Date.parse(mail.at) >= startedAt &&
      linksIn(mail).length > 0 &&
      mail.text.includes(`Gate: ${stage} / ${action}\n`),
  );
}

/** What mails that ask about a gate and a change say of a rejection: of each person, the latest. */
export function sentencesOf(mails: readonly Mail[], gate: string, change: string): readonly string[] {
  const asking = mails.filter(
    (mail) =>
      linksIn(mail).length > 0 && mail.text.includes(`Gate: ${gate}\n`) && mail.text.includes(`Change: ${change}`),
  );
  const latest = new Map(asking.map(({ to, text }) => [to, text]));
  return [...latest.values()].map((text) => /^.*\b(?:goes back to|keeps the version).*$/m.exec(text)?.[0] ?? text);
}

export function heldAnswers(mails: readonly Mail[]): readonly Asked[] {
  const about = new Map<string, { readonly requests: Set<string>; told: number }>();
  for (const mail of mails) {
    const lines = ['Gate', 'Change'].map((label) => new RegExp(`^${label}: (.*)$`, 'm').exec(mail.text)?.[1] ?? '');
    const what = [mail.to, ...lines].join(', ');
    const held = about.get(what) ?? { requests: new Set<string>(), told: 0 };
    about.set(what, held);
    const links = linksIn(mail);
    links.forEach(({ request }) => held.requests.add(request));
    if (links.length === 0) held.told += 1;
  }
  return [...about].map(([what, { requests, told }]) => ({ what, asked: requests.size, told }));
}
