/** What the page shows, taken from a rehearsal at one moment. */
import { dashboardUrl } from '../approval-gates/dashboard';
import type { Movement, TrafficCourse } from '../deploy/traffic-courses';
import { WHEN } from '../pipeline/conditions';
import type { PipelineEngine } from '../pipeline/engine';
import type { ActionRun, Execution } from '../pipeline/execution';
import type { ActionModel } from '../pipeline/model';
import { summaryInWords } from '../pipeline/summary-in-words';
import type { JournalEntry } from '../record';
import type { Rehearsal } from '../scenario/rehearsal';
import type { Skipper } from './skip';

export interface Snapshot {
  readonly now: string;
  /** Milliseconds until something is due. */
  readonly next?: number;
  /** How far a skip under way is, or what the latest one came to. */
  readonly skip: { readonly progress?: string; readonly note: string };
  readonly account: string;
  readonly pipelines: readonly PipelineView[];
  /** Of the latest deployments, newest first. */
  readonly courses: readonly CourseView[];
  readonly mails: readonly MailView[];
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
  readonly journal: readonly JournalEntry[];
  readonly functions: readonly string[];
  /** Where the team's dashboard is, on this machine. */
  readonly dashboard?: string;
}

export interface PipelineView {
  readonly name: string;
  readonly stages: readonly StageView[];
  readonly runs: readonly RunView[];
}

export interface RunView {
  readonly number: number;
  readonly status: string;
  readonly title: string;
  readonly detail: string;
}

export interface StageView {
  readonly name: string;
  readonly status: string;
  readonly run?: number;
  readonly waiting: readonly number[];
  readonly actions: readonly ActionView[];
  /** What the conditions of the stage found in its run. */
  readonly rules: readonly RuleView[];
}

export interface RuleView {
  readonly name: string;
  readonly when: string;
  readonly status: string;
  readonly summary?: string;
}

export interface ActionView {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly summary?: string;
  /** An approval: milliseconds until it stops waiting. */
  readonly left?: number;
  readonly traffic: readonly TrafficView[];
}

/** Traffic that is being shifted. */
export interface TrafficView {
  /** An alias, or a service. */
  readonly of: string;
  readonly percent: number;
  readonly from: string;
  readonly to: string;
}

/** How the traffic of one deployment went until now, or until its end. */
export interface CourseView extends Omit<TrafficView, 'percent'> {
  readonly status: string;
  readonly why?: string;
  readonly points: TrafficCourse['points'];
  readonly until: number;
}

export interface MailView {
  readonly number: number;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  /** The text in pieces: what is a link, is one. */
  readonly text: readonly { readonly text: string; readonly href?: string }[];
  /** Whether it has HTML, too. */
  readonly html: boolean;
}

const JOURNAL_LIMIT = 120;
const COURSE_LIMIT = 6;

export function snapshot(
  rehearsal: Rehearsal,
  { progress, note }: Pick<Skipper, 'progress' | 'note'> = { progress: undefined, note: '' },
): Snapshot {
  const { world } = rehearsal;
  const now = world.clock.now();
  const next = world.clock.pending.find((timer) => timer.at > now);
  return {
    now: new Date(now).toISOString(),
    next: next === undefined ? undefined : next.at - now,
    skip: { progress, note },
    account: world.account,
    pipelines: rehearsal.pipelines.names.map((name) => pipelineView(rehearsal, rehearsal.engine(name))),
    courses: rehearsal.courses.all
      .slice(-COURSE_LIMIT)
      .toReversed()
      .map((course) => courseView(course, now)),
    mails: world.inbox.map((mail, index) => mailView(rehearsal, mail, index)).toReversed(),
    alarms: alarmViews(rehearsal),
    journal: world.journal.entries.slice(-JOURNAL_LIMIT).toReversed(),
    dashboard: dashboardUrl(world),
    functions: [...rehearsal.versions().keys()].map((path) => path.split(':')[0] ?? path),
  };
}

function pipelineView(rehearsal: Rehearsal, engine: PipelineEngine): PipelineView {
  const numbers = new Map(engine.executions.map((execution) => [execution.id, execution.number]));
  return {
    name: engine.model.name,
    stages: engine.stages.all().map((stage) => ({
      name: stage.name,
      status: stage.latest?.status ?? 'NotStarted',
      run: numbers.get(stage.latest?.executionId ?? ''),
      waiting: stage.inbound.map((id) => numbers.get(id) ?? 0),
      actions: (engine.stage(stage.name)?.actions ?? []).map((action) =>
        actionView(rehearsal, action, currentRun(stage.actions.get(action.name), stage.latest?.executionId)),
      ),
      rules: ruleViews(engine.execution(stage.latest?.executionId ?? ''), stage.name),
    })),
    runs: engine.executions.map(runView).toReversed().slice(0, 6),
  };
}

function ruleViews(execution: Execution | undefined, stage: string): readonly RuleView[] {
  const conditions = (execution?.conditions ?? []).filter((condition) => condition.stage === stage);
  return conditions.flatMap(({ kind, rules }) =>
    rules.map(({ name, status, summary }) => ({ name, when: WHEN[kind], status, summary })),
  );
}

/** A stage that a new run has entered shows that run's actions only. */
function currentRun(run: ActionRun | undefined, executionId: string | undefined): ActionRun | undefined {
  return run?.executionId === executionId ? run : undefined;
}

function runView(execution: Execution): RunView {
  const change = execution.change;
  return {
    number: execution.number,
    status: execution.status,
    title:
      execution.rollbackTarget === undefined ? (change?.message ?? 'A change') : `Back to: ${change?.message ?? ''}`,
    detail:
      execution.rollbackTarget === undefined
        ? `${change?.id.slice(0, 8) ?? ''} by ${change?.author ?? 'nobody'}`
        : 'rollback',
  };
}

function actionView(rehearsal: Rehearsal, action: ActionModel, run: ActionRun | undefined): ActionView {
  const { world } = rehearsal;
  const waits = run?.status === 'InProgress' && run.expiresAt !== undefined;
  return {
    name: action.name,
    kind: action.category,
    status: waits ? 'Waiting' : (run?.status ?? 'NotStarted'),
    summary: run?.summary === undefined ? undefined : summaryInWords(run.summary),
    left: waits ? (run?.expiresAt ?? 0) - world.clock.now() : undefined,
    traffic: run?.status === 'InProgress' ? trafficViews(rehearsal, run.resolvedConfiguration) : [],
  };
}

/** What a deploy action that is under way shifts. */
function trafficViews(
  { courses, world }: Rehearsal,
  { StackName, ServiceName, DeploymentGroupName, FunctionName }: ActionRun['resolvedConfiguration'],
): readonly TrafficView[] {
  // The function of an action moves the requests of a stage: its environment names the API.
  const movedApi = movedBy(world, FunctionName);
  const isMeant = ({ stack, service, group, apiId }: Movement): boolean =>
    [
      [stack, StackName],
      [service, ServiceName],
      [group, DeploymentGroupName],
      [apiId, movedApi],
    ].some(([one, wanted]) => one !== undefined && one === wanted);
  return courses
    .underWay()
    .filter(isMeant)
    .map(({ of, percent, from, to }) => ({ of, percent, from, to }));
}

function courseView({ movement, points, endedAt }: TrafficCourse, now: number): CourseView {
  const { of, from, to, state, why } = movement;
  return { of, from, to, status: state, why, points, until: endedAt ?? now };
}

function mailView(rehearsal: Rehearsal, mail: Rehearsal['world']['inbox'][number], index: number): MailView {
  const pieces = mail.text.split(/(https?:\/\/[^\s"<>]+)/).map((piece, at) => {
    if (at % 2 === 0) return { text: piece };
    return { text: piece, href: rehearsal.world.localUrl(piece) };
  });
  return {
    number: index + 1,
    at: mail.at,
    to: mail.to,
    subject: mail.subject,
    text: pieces,
    html: mail.html !== undefined,
  };
}

/** Alarms of what is released first, and of these the ones that people named: they are worth playing with. */
function alarmViews(rehearsal: Rehearsal): Snapshot['alarms'] {
  const { world } = rehearsal;
  const released = new Set(
    world
      .resources('AWS::CodePipeline::Pipeline')
      .flatMap(({ properties }) =>
        (properties.Stages as any[]).flatMap((stage) =>
          (stage.Actions as any[]).map((action) => action.Configuration?.StackName as string | undefined),
        ),
      ),
  );
  const rank = new Map(
    world
      .resources('AWS::CloudWatch::Alarm')
      .map((alarm) => [
        world.alarms.idOf(alarm.physicalId, alarm),
        (released.has(alarm.stack) ? 2 : 0) + (alarm.properties.AlarmName === undefined ? 0 : 1),
      ]),
  );
  return world.alarms.names
    .map((name) => ({ name, state: world.alarms.state(name) ?? 'INSUFFICIENT_DATA' }))
    .sort((a, b) => (rank.get(b.name) ?? 0) - (rank.get(a.name) ?? 0));
}

/** The REST API whose stage the function of an action rolls out. */
function movedBy(world: Rehearsal['world'], functionName: string | undefined): string | undefined {
  const moving = world.resources('AWS::Lambda::Function').find(({ physicalId }) => physicalId === functionName);
  const variables = Object.values((moving?.properties.Environment?.Variables ?? {}) as Record<string, unknown>);
  return [...world.restApis.all.values()].find(({ apiId }) => variables.includes(apiId))?.apiId;
}
