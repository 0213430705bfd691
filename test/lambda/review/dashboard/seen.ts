/** What somebody who looks at a part of the dashboard reads. */
import { html } from 'hono/html';
import type { DashboardView } from '../../../../lambda/review/dashboard/dashboard-page';
import { viewerWish } from '../../../../lambda/review/dashboard/errand-row';
import type { Viewer } from '../../../../lambda/review/dashboard/viewer';
import type { Html } from '../../../../lambda/review/markup';
import { BO, NOW } from '../fixture';
import { PEOPLE } from './fixture';

export const AT = new Date(NOW).toISOString();

/** So many milliseconds from now, or before it. */
export const later = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();

/** Bo looks, unless a test says otherwise. */
export function viewerOf(more: Partial<Viewer> = {}): Viewer {
  const { me = PEOPLE.find(({ id }) => id === BO)! } = more;
  return { me, people: PEOPLE, exit: html``, asks: (wish, about) => viewerWish(me.id, wish, about, AT), ...more };
}

export function viewOf(more: Partial<DashboardView> = {}): DashboardView {
  return {
    viewer: viewerOf(),
    filter: { text: '' },
    waiting: { requests: [], isPart: false },
    overviews: [],
    decided: { rows: [] },
    now: AT,
    timeZone: 'UTC',
    ...more,
  };
}

export async function pageOf(part: Html): Promise<string> {
  return String(await part).replace(/\s+/g, ' ');
}

/**
 * A part of a page, line by line: `[text]` is a tag, with its tone `[tone: text]`; `{text → address}` a link; `(text)` a button;
 * `POST address` begins a form, and `name=value` is what it sends along.
 */
export async function linesOf(part: Html | string): Promise<readonly string[]> {
  const page = await pageOf(part as Html);
  return (/<main.*<\/main>/.exec(page)?.[0] ?? page)
    .replace(/<span class="tag ?(\w*)">(.*?)<\/span>/g, (_, tone: string, text: string) =>
      tone === '' ? `[${text}]` : `[${tone}: ${text}]`,
    )
    .replace(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/g, '{$2 → $1}')
    .replace(/<button [^>]*>(.*?)<\/button>/g, (_, text: string) => `\n(${text.trim()})\n`)
    .replace(/<form [^>]*?method="post" action="([^"]*)"[^>]*>/g, '\nPOST $1\n')
    .replace(/<input type="hidden" name="([^"]*)" value="([^"]*)" ?\/>/g, '\n$1=$2\n')
    .replace(/<\/?(?:section|article|form|div|p|ul|ol|li|h\d|summary|details|br|label|option|select)\b[^>]*>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}
