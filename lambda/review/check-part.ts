/** One check, with all that it said: verdict, why, the figures behind it, its course, and where people see more. */
import { html } from 'hono/html';
import type { Measurement } from '../../contract/messages';
import type { CheckTally } from '../domain/check-tally';
import { cleanText } from '../domain/clean-text';
import type { CheckState } from '../domain/request';
import { millis } from '../domain/time';
import { span } from '../domain/metric-gaps';
import { courseChart } from './course-chart';
import { checkLabel } from './labels';
import { NOTHING, safeLink, tag, type Html } from './markup';

export function checkPart(check: CheckState, tally: CheckTally | undefined): Html {
  const figures = tally === undefined ? [] : figuresOf(tally);
  return html`<li class="check">
    <div class="head">
      <p class="text">
        ${cleanText(check.title, 120)}${check.observeOnly ? html` <span class="soft small">(only watched)</span>` : NOTHING}
      </p>
      ${tag(checkLabel(check.verdict))}
    </div>
    <p class="small soft text">${cleanText(check.reason, 300)}</p>
    ${
      figures.length === 0
        ? NOTHING
        : html`<dl class="figures small">
            ${figures.map(
              ([name, value]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd class="text">${value}</dd>
                </div>`,
            )}
          </dl>`
    }
    ${courseChart(tally?.course)} ${tally === undefined ? NOTHING : linksPart(tally.last)}
  </li>`;
}

/** Where people see more in the AWS console. Its links open in the account in which the reader is signed in. */
export function linksPart({
  link,
  logs,
  traces,
  account,
}: Pick<Measurement, 'link' | 'logs' | 'traces' | 'account'>): Html {
  const links = (
    [
      ['See it in AWS', link],
      ['Logs', logs],
      ['Traces', traces],
    ] as const
  ).flatMap(([words, url]) => {
    const safe = safeLink(url);
    return safe === undefined ? [] : [{ words, safe }];
  });
  return links.length === 0
    ? NOTHING
    : html`<p class="links">
        ${links.map(
          ({ words, safe }) =>
            html`<a class="go small" href="${safe}" rel="noreferrer noopener" target="_blank">${words} ↗</a> `,
        )}${account === undefined ? NOTHING : html`<span class="small soft">in account ${cleanText(account, 12)}</span>`}
      </p>`;
}

/** What was measured last, over which time, what it has to be, and how often it was good. */
function figuresOf({ last, passes, failures, inconclusives }: CheckTally): readonly (readonly [string, string])[] {
  const { from, to, value, threshold } = last;
  const samples = [
    ...(passes > 0 ? [`${passes} good`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(inconclusives > 0 ? [`${inconclusives} unclear`] : []),
  ];
  return [
    ...(value === undefined ? [] : [['Value', cleanText(value, 200)] as const]),
    ...(threshold === undefined ? [] : [['Needed', cleanText(threshold, 200)] as const]),
    ...(from === undefined || to === undefined
      ? []
      : [['Looked at', span({ from: millis(from), to: millis(to) })] as const]),
    ...(samples.length === 0 ? [] : [['Measurements', samples.join(', ')] as const]),
  ];
}
