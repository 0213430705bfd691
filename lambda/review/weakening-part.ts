/** That this gate is being weakened, and by whom that has to be approved. */
import { html } from 'hono/html';
import { peopleOf } from '../../contract/policy';
import { cleanText } from '../domain/clean-text';
import type { Shown } from '../domain/request';
import { NOTHING, type Html } from './markup';

/** Everybody who is asked has to see it: nothing where the policy of the gate is at least as strict as before. */
export function weakeningPart({ policy, proposed }: Shown): Html {
  if (proposed?.weakens === undefined) {
    return NOTHING;
  }
  const asks = peopleOf(policy.rule) !== undefined && proposed.nobody !== true;
  return html`<div class="note wait">
    <p><strong>This gate is being weakened.</strong> A change of its policy, maybe this one, has these effects:</p>
    <ul>
      ${proposed.weakens.slice(0, 20).map((loss) => html`<li class="text">${cleanText(loss, 300)}</li>`)}
    </ul>
    ${asks ? html`<p>The former rule applies here. If you approve, the weaker one applies from the next run on.</p>` : NOTHING}
  </div>`;
}
