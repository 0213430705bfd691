/** What the parts of the page share: states in words, times, and nothing. */
import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

export const NOTHING = html``;

/** Tone and word of each state: colour never stands alone. */
export const STATES: Readonly<Record<string, readonly [string, string]>> = {
  NotStarted: ['', 'not started'],
  InProgress: ['run', '● running'],
  Waiting: ['wait', '◔ waits for an answer'],
  Succeeded: ['good', '✓ succeeded'],
  Failed: ['bad', '✗ failed'],
  Abandoned: ['bad', '✗ abandoned'],
  Stopped: ['bad', '■ stopped'],
  Stopping: ['wait', '■ stopping'],
  Skipped: ['', '↷ skipped'],
  Superseded: ['', '↷ superseded'],
  OK: ['good', '✓ OK'],
  ALARM: ['bad', '✗ ALARM'],
  INSUFFICIENT_DATA: ['wait', '? no data'],
};

export function chip(state: string): Html {
  const [tone, word] = STATES[state] ?? ['', state];
  return html`<span class="chip ${tone}">${word}</span>`;
}

export function clock(iso: string): string {
  return iso.slice(11, 19);
}

export function day(iso: string): string {
  return iso.slice(0, 10);
}

export function short(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
