/** What the prepared change sets of the stage would do. Names come from a template: they are cleaned here, and escaped by the template of the page. */
import { html } from 'hono/html';
import { guards, isNested, type ChangeSetView, type Effect, type ListedChange } from '../domain/change-set';
import { cleanText } from '../domain/clean-text';
import type { Waiting } from '../domain/request';
import type { Label } from './labels';
import { NOTHING, tag, type Html } from './markup';

export function changeSetSection({ shown }: Waiting): Html {
  const { changeSets = [] } = shown;
  return changeSets.length === 0
    ? NOTHING
    : html`<section class="card" aria-labelledby="change-sets">
        <h2 id="change-sets">What CloudFormation would do</h2>
        ${changeSets.map(changeSetPart)}
        <p class="small soft">
          As CloudFormation describes the prepared change set. Approve lets the pipeline execute it. When somebody makes
          it again, approvals of the earlier one do not count.
        </p>
      </section>`;
}

function changeSetPart(view: ChangeSetView): Html {
  const heading = html`<h3 class="text">
    ${cleanText(view.stack, 128)} <span class="soft small">change set ${cleanText(view.name, 128)}</span>
  </h3>`;
  if (view.kind === 'UNREAD') {
    return html`${heading}
      <p class="note wait text">
        It could not be read: ${cleanText(view.reason, 200)}. What it would do is not known here. Look in the AWS
        console before you approve.
      </p>`;
  }
  const { says, changes, unlisted } = view;
  return html`${heading}
    <p class="text">${cleanText(says, 300)}</p>
    ${
      changes.length === 0
        ? NOTHING
        : html`<ul class="rows">
            ${changes.map(changePart)}
          </ul>`
    }
    ${unlisted > 0 ? html`<p class="soft">and ${unlisted} more</p>` : NOTHING}`;
}

const LABELS: Readonly<Record<Effect, Label>> = {
  REMOVED: { text: 'removed', tone: 'bad' },
  REPLACED: { text: 'replaced', tone: 'bad' },
  MAYBE_REPLACED: { text: 'may be replaced', tone: 'wait' },
  UNKNOWN: { text: 'not known yet', tone: 'wait' },
  CHANGED: { text: 'changed', tone: '' },
  IMPORTED: { text: 'imported', tone: '' },
  ADDED: { text: 'added', tone: 'good' },
};

const OLD: Readonly<Record<NonNullable<ListedChange['old']>, string>> = {
  DELETED: 'The old one is deleted.',
  RETAINED: 'The old one is kept.',
  SNAPSHOT: 'The old one is deleted after a snapshot.',
};

function changePart(change: ListedChange): Html {
  const { effect, resource, type, old, scope = [] } = change;
  const isLost = effect === 'REMOVED' || effect === 'REPLACED' || effect === 'MAYBE_REPLACED';
  const what = [
    effect === 'CHANGED' && scope.length > 0 ? `Changes: ${scope.join(', ')}.` : '',
    isLost && old !== undefined ? OLD[old] : '',
    isNested(change) ? 'What changes inside this nested stack is not listed here.' : '',
  ].filter((sentence) => sentence !== '');
  return html`<li>
    <div>
      <p class="text">${cleanText(resource, 120)}${guarding(change)}</p>
      <p class="small soft text">${cleanText(type, 120)}</p>
      ${what.length === 0 ? NOTHING : html`<p class="small soft">${what.join(' ')}</p>`}
    </div>
    ${tag(LABELS[effect] ?? { text: 'unknown', tone: 'wait' })}
  </li>`;
}

function guarding(change: ListedChange): Html {
  switch (guards(change)) {
    case 'IAM':
      return html` <span class="soft small">(IAM)</span>`;
    case 'SECURITY_GROUP':
      return html` <span class="soft small">(security group)</span>`;
    case undefined:
      return NOTHING;
  }
}
