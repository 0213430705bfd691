/** Steps of people: they open links and answer, look at the dashboard, or answer in the AWS console. */
import { DashboardClient } from '../approval-gates/dashboard';
import {
  fieldInput,
  isRecorded,
  kindOf,
  ReviewClient,
  startFields,
  type ReviewPage,
  type Verdict,
} from '../approval-gates/review-page';
import type { Caller } from '../service';
import { known } from './names';
import { runOf } from './observe';
import type { Rehearsal } from './rehearsal';
import type { AnswerStep, SomeSteps, StepOf } from './schema';

const AT_ONCE = 10;

export function personSteps(rehearsal: Rehearsal) {
  const people = new People(rehearsal);
  return {
    approve: (step) => people.answer(step, 'APPROVE'),
    reject: (step) => people.answer(step, 'REJECT'),
    breakGlass: (step) => people.answer(step, 'BREAK_GLASS'),
    review: (step) => people.answer(step, 'REVIEWED'),
    open: (step) => people.open(step),
    dashboard: (step) => people.lookAtDashboard(step),
    console: (step) => answerInConsole(rehearsal, step),
  } satisfies SomeSteps;
}

/** What people have open on their screens between two steps. */
class People {
  private readonly review: ReviewClient;
  private readonly kept = new Map<string, ReviewPage>();
  private readonly viewers = new Map<string, DashboardClient>();

  constructor(private readonly rehearsal: Rehearsal) {
    this.review = new ReviewClient(rehearsal.world);
  }

  async answer(step: AnswerStep, verdict: Verdict): Promise<void> {
    runOf(this.rehearsal, step.gate);
    for (let time = 0; time < (step.times ?? 1); time += 1) {
      const page = await this.pageFor(step);
      if (page === undefined) throw new Error(`no page of ${step.as} was kept: open it with keep before`);
      const after = await this.review.submit(page, {
        verdict,
        number: numberFor(step.number, page.number),
        comment: step.comment ?? '',
        ...startFields(step.start),
        ...fieldsOf(step.fields, page),
      });
      const kind = kindOf(after);
      const found = isRecorded(after) ? 'recorded' : kind === 'page' ? 'not-recorded' : kind;
      const wanted = step.expect ?? 'recorded';
      if (found !== wanted) {
        throw new Error(`the answer of ${step.as} is ${found} (status ${after.status}), not ${wanted}`);
      }
      await this.rehearsal.world.clock.settle();
    }
  }

  private async pageFor(step: AnswerStep): Promise<ReviewPage | undefined> {
    if (step.page === 'kept') return this.kept.get(`${step.gate} ${step.as}`);
    return step.forge === undefined ? this.review.open(step) : this.review.forgedPage(step);
  }

  /** As many at once as an eager scanner would. */
  async open(step: StepOf<'open'>): Promise<void> {
    runOf(this.rehearsal, step.gate);
    let left = step.times ?? 1;
    while (left > 0) {
      const now = Math.min(left, AT_ONCE);
      await Promise.all(Array.from({ length: now }, () => this.openOnce(step)));
      left -= now;
    }
  }

  private async openOnce(step: StepOf<'open'>): Promise<void> {
    const page = await this.review.open(step, step.method);
    const found = kindOf(page);
    const wanted = step.expect ?? 'page';
    if (page.status >= 500 || (wanted !== 'any' && found !== wanted)) {
      throw new Error(`the link of ${step.as} answers ${page.status}, which is not a ${wanted} link`);
    }
    mustShow(`the page of ${step.as}`, page.html, step);
    if (step.keep === true) this.kept.set(`${step.gate} ${step.as}`, page);
  }

  async lookAtDashboard(step: StepOf<'dashboard'>): Promise<void> {
    const { as, emailLink, away, back, expect = 'page' } = step;
    const viewer = this.viewers.get(as) ?? new DashboardClient(this.rehearsal.world, as);
    this.viewers.set(as, viewer);
    const page = await viewer.look(step.query);
    const found = page.status === 200 ? 'page' : 'not-signed-in';
    if (page.status >= 500 || found !== expect) {
      throw new Error(`the dashboard answers ${as} by ${page.status}, which is not a ${expect}`);
    }
    mustShow(`the dashboard of ${as}`, DashboardClient.textOf(page.html), step);
    if (emailLink !== undefined) await viewer.emailLink(page, emailLink);
    if (away !== undefined) await viewer.goAway(away);
    if (back === true) await viewer.comeBack();
  }
}

async function answerInConsole(rehearsal: Rehearsal, step: StepOf<'console'>): Promise<void> {
  const [stageName = '', actionName = ''] = step.gate.split('/');
  const token = runOf(rehearsal, step.gate)?.token;
  const pipelineName = rehearsal.latest?.pipeline;
  const status = step.verdict === 'approve' ? 'Approved' : 'Rejected';
  const result = { status, summary: step.summary ?? '' };
  const caller: Caller = { principal: 'console', arn: step.as, roleArn: step.as };
  const input = { pipelineName, stageName, actionName, token, result };
  const put = rehearsal.world.call('codepipeline', 'PutApprovalResult', input, caller);
  const refused = await put.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  if ((refused !== undefined) !== (step.expect === 'refused')) {
    throw new Error(`CodePipeline ${refused === undefined ? 'took the answer' : `refused: ${refused.message}`}`);
  }
}

function mustShow(
  whose: string,
  says: string,
  { shows = [], hides = [] }: { readonly shows?: readonly string[]; readonly hides?: readonly string[] },
): void {
  for (const part of shows) {
    if (!says.includes(part)) throw new Error(`${whose} does not show “${part}”`);
  }
  for (const part of hides) {
    if (says.includes(part)) throw new Error(`${whose} shows “${part}”`);
  }
}

/** A field that the page does not have is a mistake of the scenario. */
function fieldsOf(fields: AnswerStep['fields'], page: ReviewPage): Readonly<Record<string, string>> {
  const filled = Object.entries(fields ?? {}).map(([name, value]) => {
    known('field', name, Object.keys(page.filled));
    return [fieldInput(name), value] as const;
  });
  return Object.fromEntries(filled);
}

function numberFor(kind: AnswerStep['number'], shown: string | undefined): string {
  if (kind === 'none') return '';
  if (kind !== 'wrong') return shown ?? '';
  return (shown ?? '0000').replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));
}
