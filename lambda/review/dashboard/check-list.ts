/** What the checks of a request say, and said before: each with its course as a small chart. */
import { html } from 'hono/html';
import { cleanText } from '../../domain/clean-text';
import type { CheckState } from '../../domain/request';
import { MOST_COURSES } from '../../domain/shown-checks';
import { linksPart } from '../check-part';
import { courseChart } from '../course-chart';
import { checkLabel } from '../labels';
import { NOTHING, tag, type Html } from '../markup';

type Listed = Pick<CheckState, 'title' | 'verdict' | 'reason' | 'course' | 'seenAt'>;

export function checkList(checks: readonly Listed[]): Html {
  const others = checks.length - MOST_COURSES;
  return checks.length === 0
    ? NOTHING
    : html`<ul class="checks">
        ${checks.slice(0, MOST_COURSES).map(checkItem)}
        ${others > 0 ? html`<li class="small soft">and ${others} more</li>` : NOTHING}
      </ul>`;
}

function checkItem({ title, verdict, reason, course, seenAt }: Listed): Html {
  const isUnwell = verdict !== 'PASS' && verdict !== 'RUNNING';
  return html`<li class="check">
    <div class="head">
      <p class="small text">${cleanText(title, 120)}</p>
      ${tag(checkLabel(verdict))}
    </div>
    ${isUnwell ? html`<p class="small soft text">${cleanText(reason, 300)}</p>` : NOTHING} ${courseChart(course)}
    ${seenAt === undefined ? NOTHING : linksPart(seenAt)}
  </li>`;
}
