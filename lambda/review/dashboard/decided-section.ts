/** What was decided: who, when, why, and where it stands in the record. */
import { html } from 'hono/html';
import {
  isClosing,
  isOfRequest,
  type ClosingRow,
  type RequestRow,
  type RecordEntry,
  type RecordedVote,
} from '../../../contract/record';
import { cleanLines, cleanText } from '../../domain/clean-text';
import { valuesInWords } from '../../domain/fields';
import { detailsOf } from '../../domain/decision-details';
import { decidersOf, endingIn } from '../../domain/record-csv';
import { answerLabel, answerTone, OPENED_ALONE, OUTCOMES, type Label } from '../labels';
import { gatePath } from '../layout';
import { linesOf, NOTHING, safeLink, timeOf, tag, type Html } from '../markup';
import { checkList } from './check-list';
import type { DashboardView } from './dashboard-page';
import { isFiltering, queryOf } from './filter';
import { ago, changeLine, titleOf } from './names';

export function decidedSection({ decided, filter, now }: DashboardView): Html {
  const { rows, before } = decided;
  const more = rows.length === 0 ? 'Search further back' : 'Older';
  return html`<section aria-labelledby="decided" id="live-decided" data-live>
    <div class="line">
      <h2 id="decided">Decided</h2>
      <p class="small downloads">
        <a class="go" href="/dashboard/record.csv?${queryOf(filter, { before: '' })}">CSV</a>
        <a class="go" href="/dashboard/record.json?${queryOf(filter, { before: '' })}">JSON</a>
      </p>
    </div>
    ${
      rows.length === 0
        ? html`<p class="empty">${isFiltering(filter) ? 'No decision matches.' : 'No decisions yet.'}</p>`
        : html`<ul class="entries card">
            ${rows.map((row) => (isClosing(row) ? closingPart(row, now) : isOfRequest(row) ? entryPart(row, now) : NOTHING))}
          </ul>`
    }
    ${before === undefined ? NOTHING : html`<p><a class="go" href="/dashboard?${queryOf(filter, { before: String(before) })}">${more}</a></p>`}
  </section>`;
}

/** A second person has looked at what one person did alone. */
function closingPart({ n, at, hash, entry }: ClosingRow, now: string): Html {
  const { gate, reviewer, review, about } = entry;
  return html`<li>
    <details id="e-${n}">
      <summary>
        <span class="outcome">${tag({ text: 'Follow-up closed', tone: 'good' })}</span>
        <span class="what text">“${cleanText(review.comment, 160)}”</span>
        <span class="small soft text where"
          >${cleanText(`${gate.pipeline} › ${gate.stage} › ${gate.action}`, 300)}</span
        >
        <span class="small soft text by">${cleanText(reviewer.name ?? reviewer.mail, 120)}</span>
        <span class="small soft when">${ago(review.at, now)}</span>
      </summary>
      <div class="more">
        ${gatePath(gate)}
        <p class="text">“${linesOf(cleanLines(review.comment, 400, 10))}”</p>
        <p class="small soft text">
          The follow-up of number ${about}, where one person opened the gate alone in an emergency. Number ${n} of the
          record, recorded ${timeOf(at)}, hash <code>${cleanText(hash, 64)}</code>
        </p>
      </div>
    </details>
  </li>`;
}

function entryPart(row: RequestRow, now: string): Html {
  const { n, at, hash, entry } = row;
  const { run } = entry;
  const ending = endingIn(entry);
  const review = safeLink(run?.revisions[0]?.url);
  return html`<li>
    <details id="e-${n}">
      <summary>
        <span class="outcome">${tag(labelOf(entry))}</span>
        <span class="what text">${titleOf(run?.revisions ?? [])}</span>
        <span class="small soft text where"
          >${cleanText(`${entry.gate.pipeline} › ${entry.gate.stage} › ${entry.gate.action}`, 300)}</span
        >
        <span class="small soft text by">${cleanText(byWhom(entry), 120)}</span>
        <span class="small soft when">${ago(ending.at, now)}</span>
      </summary>
      <div class="more">
        ${gatePath(entry.gate)}
        <p class="text">${cleanText(ending.summary, 512)}</p>
        <p class="small soft text">
          ${run === undefined ? 'Its run was never found.' : html`${changeLine(run.revisions)} · run <code>${cleanText(run.executionId, 60)}</code>`}
          · asked ${timeOf(entry.asked.at)} · ended ${timeOf(ending.at)}
        </p>
        ${checkList(entry.checks ?? [])}
        ${
          entry.votes.length === 0
            ? NOTHING
            : html`<ul class="rows">
                ${entry.votes.slice(0, 100).map((vote) => votePart(vote, entry))}
              </ul>`
        }
        ${
          review === undefined
            ? NOTHING
            : html`<p>
                <a class="go small" href="${review}" rel="noreferrer noopener" target="_blank">See what changed ↗</a>
              </p>`
        }
        <p class="small soft text">
          Number ${n} of the record, recorded ${timeOf(at)}, hash <code>${cleanText(hash, 64)}</code>
        </p>
      </div>
    </details>
  </li>`;
}

function votePart(vote: RecordedVote, { invited, rule }: RecordEntry): Html {
  const { approver, verdict, comment, at, current } = vote;
  const { notBefore, fields = {} } = detailsOf(vote);
  const filled = cleanText(valuesInWords(rule?.people?.fields ?? [], fields), 600);
  const who = invited.find((one) => one.approver === approver);
  const reason = cleanLines(comment, 400, 10);
  const outdated = verdict === 'APPROVE' && !current;
  const label: Label = outdated
    ? { text: 'approved an older view', tone: 'wait' }
    : { text: answerLabel(verdict), tone: answerTone(verdict) };
  return html`<li>
    <div>
      <p class="text">
        ${cleanText(who?.name ?? who?.mail ?? approver, 120)} <span class="small soft">${timeOf(at)}</span>
      </p>
      ${notBefore === undefined ? NOTHING : html`<p class="small soft">to start no earlier than ${timeOf(notBefore)}</p>`}
      ${filled === '' ? NOTHING : html`<p class="small soft text">${filled}</p>`}
      ${reason === '' ? NOTHING : html`<p class="small soft text">“${linesOf(reason)}”</p>`}
    </div>
    ${tag(label)}
  </li>`;
}

function labelOf(entry: RecordEntry): Label {
  const ending = endingIn(entry);
  const { text, tone } = OUTCOMES[ending.kind];
  switch (ending.by) {
    case 'BYPASS':
      return { text: `${text}: bypass`, tone: 'bad' };
    case 'BREAK_GLASS':
      return OPENED_ALONE;
    default:
      return { text, tone };
  }
}

/** Who or what decided. */
function byWhom(entry: RecordEntry): string {
  switch (endingIn(entry).by) {
    case 'PEOPLE':
      return decidersOf(entry).join(', ');
    case 'BREAK_GLASS':
      return `${decidersOf(entry).join(', ')}, alone`;
    case 'CHECKS':
      return 'by its checks';
    case 'ROLLBACK':
      return 'as a rollback';
    case 'NEWER_RUN':
      return 'for a newer run';
    case 'CONSOLE':
      return 'by an approver in the console';
    case 'BYPASS':
      return 'in the console, by someone unknown';
    case 'CODEPIPELINE':
      return 'by CodePipeline';
  }
}
