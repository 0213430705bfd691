/** What people were asked and told, as their mails say it. */
import { linksIn } from '../../../rehearsal/approval-gates/review-page';
import type { Mail } from '../../../rehearsal/record';

export interface Asked {
  /** Who, about which gate and which change. */
  readonly what: string;
  /** Requests of which somebody got a link. */
  readonly asked: number;
  /** Mails that say how one of them ended. */
  readonly told: number;
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
