/** What a call gets. */
import type { Html } from './markup';
import { deadPage } from './refused-pages';

export interface Answer {
  readonly status: 200 | 303 | 401 | 403 | 404 | 409 | 413 | 422 | 500;
  readonly page: Html | string;
  /** Beside those of every answer, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** One answer for whatever leads nowhere. */
export function dead(): Answer {
  return { status: 404, page: deadPage() };
}

/** Goes on to a page of ours, by GET. */
export function seeOther(path: string, cookies: readonly string[] = []): Answer {
  return { status: 303, page: '', headers: { location: path }, cookies };
}
