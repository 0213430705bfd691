/** Whose place an answer is given in. */
import { html } from 'hono/html';
import { cleanText } from '../domain/clean-text';
import type { Waiting } from '../domain/request';
import { placesTaken } from '../domain/responses';
import { NOTHING, timeOf, type Html } from './markup';

/** To the delegate who reads the page. */
export function ownPlacePart({ responses }: Waiting, approver: string): Html {
  const places = placesTaken(responses, approver);
  return places.length === 0
    ? NOTHING
    : html`<div class="note wait">
        ${places.map(({ name, until }) => {
          const end = until === undefined ? NOTHING : html`, who is away until ${timeOf(until)}`;
          return html`<p class="text">You are asked in the place of ${cleanText(name, 80)}${end}.</p>`;
        })}
        <p>You answer as yourself.</p>
      </div>`;
}

/** Beside the name of a delegate. */
export function placeOf(responses: Waiting['responses'], approver: string): string {
  const names = placesTaken(responses, approver).map(({ name }) => cleanText(name, 80));
  return names.length === 0 ? '' : `in the place of ${names.join(' and ')}`;
}
