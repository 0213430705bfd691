/** The changes that come along with the one that asks. Their words are those of other people: cleaned here, escaped by the template of the page. */
import { html } from 'hono/html';
import { peopleOf } from '../../contract/policy';
import { WHY_UNKNOWN, type KnownRange } from '../domain/change-range';
import { cleanText } from '../domain/clean-text';
import type { Revision, Waiting } from '../domain/request';
import { NOTHING, safeLink, type Html } from './markup';

export function changeRangeSection({ run, shown }: Waiting): Html {
  const { range } = run;
  if (range === undefined || (range.kind !== 'UNKNOWN' && range.others === 0 && !range.isCut)) {
    return NOTHING;
  }
  return html`<section class="card" aria-labelledby="range">
    <h2 id="range">${range.kind === 'BACK' ? 'Changes that it goes back over' : 'Changes since what is live now'}</h2>
    ${
      range.kind === 'UNKNOWN'
        ? html`<p class="note wait">
            Not known: ${WHY_UNKNOWN[range.reason]}.
            ${peopleOf(shown.policy.rule)?.excludeAuthor === true ? 'Only the author of the change itself is kept from approving it.' : ''}
          </p>`
        : changesOf(range)
    }
  </section>`;
}

function changesOf({ changes, total, others, isCut, kind }: KnownRange): Html {
  const unlisted = total - changes.length;
  return html`<p>${introduction(kind, others)}</p>
    <ul class="rows">
      ${changes.map(changePart)}
    </ul>
    ${unlisted > 0 ? html`<p class="soft">and ${unlisted} more</p>` : NOTHING}
    ${isCut ? html`<p class="note wait">Older changes may belong here, which CodePipeline does not list.</p>` : NOTHING}
    <p class="small soft">
      The newest change of each run, as CodePipeline knows it. A push of several commits is shown by its last one.
    </p>`;
}

function introduction(kind: KnownRange['kind'], others: number): string {
  const changes = `${others} ${kind === 'BACK' ? '' : 'earlier '}change${others === 1 ? '' : 's'}`;
  return kind === 'BACK'
    ? `What is live now is newer. After it, ${changes} will not be live any more.`
    : `${changes} ${others === 1 ? 'is not live now, and goes' : 'are not live now, and go'} live with this one.`;
}

function changePart({ id, name, message, author, url }: Revision): Html {
  const link = safeLink(url);
  const title = cleanText(message ?? '', 200);
  const who = cleanText(author ?? '', 100);
  return html`<li>
    <div>
      <p class="text">${title === '' ? 'No message' : title}</p>
      <p class="small soft text">
        ${who === '' ? NOTHING : html`${who} · `}<code>${cleanText(id, 100).slice(0, 12)}</code> ·
        ${cleanText(name, 100)}
      </p>
    </div>
    ${link === undefined ? NOTHING : html`<a class="go small" href="${link}" rel="noreferrer noopener" target="_blank">See ↗</a>`}
  </li>`;
}
