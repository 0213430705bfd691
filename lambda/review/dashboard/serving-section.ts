/** Which revision serves in which stage: what CodePipeline said when it was asked last. */
import { html } from 'hono/html';
import { cleanText } from '../../domain/clean-text';
import type { PipelineOverview, StageOverview } from '../../domain/overview';
import type { Request } from '../../domain/request';
import { DAY, elapsed } from '../../domain/time';
import type { Label } from '../labels';
import { NOTHING, tag, type Html } from '../markup';
import type { DashboardView } from './dashboard-page';
import { queryOf } from './filter';
import { ago, changeLine, titleOf } from './names';

/** Pipelines that nobody could read for so long exist no more. */
const FORGOTTEN = 30 * DAY;

export function servingSection({ overviews, waiting, filter, now }: DashboardView): Html {
  const shown = overviews
    .filter(({ pipeline }) => filter.pipeline === undefined || filter.pipeline === pipeline)
    .filter(({ asOf }) => elapsed(asOf, now) < FORGOTTEN);
  return html`<section aria-labelledby="serving" id="live-serving" data-live>
    <div class="line">
      <h2 id="serving">Live now</h2>
      <form method="post" action="/dashboard/look" id="again">
        ${[...new URLSearchParams(queryOf(filter))].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <button class="plain small" type="submit">Refresh</button>
      </form>
    </div>
    ${
      shown.length === 0
        ? html`<p class="empty">Asking CodePipeline. Refresh in a moment.</p>`
        : shown.map((overview) => pipelinePart(overview, waiting.requests, now))
    }
  </section>`;
}

function pipelinePart({ pipeline, asOf, stages }: PipelineOverview, waiting: readonly Request[], now: string): Html {
  const runs = [...new Set(stages.flatMap(({ serving }) => serving?.executionId ?? []))];
  return html`<article class="card pipeline">
    <div class="line">
      <h3 class="text"><a href="/dashboard?${queryOf({ text: '' }, { pipeline })}">${cleanText(pipeline, 100)}</a></h3>
      <p class="small soft">as of ${ago(asOf, now)}</p>
    </div>
    <ol class="stages">
      ${stages.slice(0, 50).map((stage) => {
        const asks = waiting.find(({ asked }) => asked.pipeline === pipeline && asked.stage === stage.stage);
        return stagePart(stage, runs.indexOf(stage.serving?.executionId ?? ''), asks);
      })}
    </ol>
  </article>`;
}

/** @param age stages that serve the same run look the same; 0 is what the first stage serves */
function stagePart(stage: StageOverview, age: number, asks: Request | undefined): Html {
  const { serving, behind } = stage;
  const state = stateOf(stage);
  return html`<li class="stage${age < 0 ? '' : ` age-${Math.min(age, 3)}`}">
    <div class="top">
      <strong class="text">${cleanText(stage.stage, 100)}</strong>
      ${asks !== undefined ? waitsHere(asks) : state === undefined ? NOTHING : tag(state)}
    </div>
    ${
      serving === undefined
        ? html`<p class="small soft">no run has passed, as far as CodePipeline knows</p>`
        : html`<p class="text what">${titleOf(serving.revisions)}</p>
            <p class="small soft text">${changeLine(serving.revisions)}</p>`
    }
    ${behind === undefined ? NOTHING : html`<p class="small behind text">Behind it: ${titleOf(behind.revisions)}</p>`}
  </li>`;
}

/** The request itself is further up on the page. */
function waitsHere({ id, asked }: Request): Html {
  return html`<a class="tag wait" href="#r-${id}">waits at ${cleanText(asked.action, 60)}</a>`;
}

function stateOf({ serving, latest }: StageOverview): Label | undefined {
  if (latest === undefined) {
    return undefined;
  }
  const what = latest.isRollback ? 'rollback' : 'run';
  const serves = latest.executionId === serving?.executionId;
  switch (latest.status) {
    case 'IN_PROGRESS':
      return { text: `${what} under way`, tone: 'wait' };
    case 'FAILED':
      return { text: serves ? `${what} failed, but is live` : `newest ${what} failed`, tone: 'bad' };
    case 'STOPPED':
      return { text: `newest ${what} stopped`, tone: 'wait' };
    case 'SUCCEEDED':
      return latest.isRollback ? { text: 'rolled back', tone: 'wait' } : undefined;
  }
}
