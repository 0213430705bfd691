/** What each step of a scenario does. A step that finds something otherwise than it says throws. */
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
import { chooseConfig, stopDeployment } from './deployments-by-hand';
import type { Rehearsal } from './rehearsal';
import { pathsOf } from '../pipeline/structure';
import { callEndpoint } from './endpoint-calls';
import {
  known,
  knownAction,
  knownAddress,
  knownAlarm,
  knownBreakable,
  knownCalendar,
  knownBucket,
  knownReportGroup,
  knownRepository,
  knownServers,
  knownStage,
  parametersNamed,
} from './names';
import { runOf, unmet } from './observe';
import type { AnswerStep, DashboardStep, OpenStep, Step } from './schema';
import { setLogs, setMetric, setService, setSynthetics, setTargets } from './watched-steps';

const DEFAULT_WAIT = 30 * 86_400_000;
const AT_ONCE = 10;

export class Steps {
  private readonly review: ReviewClient;
  private readonly kept = new Map<string, ReviewPage>();
  private readonly viewers = new Map<string, DashboardClient>();

  constructor(private readonly rehearsal: Rehearsal) {
    this.review = new ReviewClient(rehearsal.world);
  }

  async run(step: Step): Promise<void> {
    const { world, pipelines } = this.rehearsal;
    if ('push' in step) {
      Object.entries(step.push.breaks ?? {}).forEach(([name, how]) => knownBreakable(this.rehearsal, name, how));
      this.rehearsal.push(step.push);
    } else if ('changeSet' in step) {
      const { changeSets } = this.rehearsal.cloudFormation;
      known('change set of stack', step.changeSet.stack, changeSets.stacks);
      changeSets.makeAgain(step.changeSet.stack, step.changeSet.changes);
    } else if ('wait' in step) await this.wait(step.wait);
    else if ('expect' in step) this.check(unmet(this.rehearsal, step.expect));
    else if ('approve' in step) await this.answer(step.approve, 'APPROVE');
    else if ('reject' in step) await this.answer(step.reject, 'REJECT');
    else if ('breakGlass' in step) await this.answer(step.breakGlass, 'BREAK_GLASS');
    else if ('review' in step) await this.answer(step.review, 'REVIEWED');
    else if ('open' in step) await this.open(step.open);
    else if ('dashboard' in step) await this.dashboard(step.dashboard);
    else if ('console' in step) await this.console(step.console);
    else if ('alarm' in step) this.alarm(step.alarm);
    else if ('calendar' in step) this.calendar(step.calendar);
    else if ('logs' in step) setLogs(world, step.logs);
    else if ('service' in step) setService(world, step.service);
    else if ('synthetics' in step) setSynthetics(world, step.synthetics);
    else if ('servers' in step) {
      knownServers(this.rehearsal, step.servers.of);
      this.rehearsal.servers.resize(step.servers.of, step.servers.count);
    } else if ('metric' in step) setMetric(world, step.metric);
    else if ('requests' in step) {
      const { alias, ...requests } = step.requests;
      known('alias', alias, [...this.rehearsal.versions().keys()]);
      const [functionName = '', name = ''] = alias.split(':');
      this.rehearsal.traffic.set(functionName, name, requests);
    } else if ('apiRequests' in step) {
      const { stage, ...requests } = step.apiRequests;
      known('stage of a REST API', stage, [...world.restApis.all.keys()]);
      this.rehearsal.stageTraffic.set(stage, requests);
    } else if ('calls' in step) await callEndpoint(world, step.calls);
    else if ('targets' in step) setTargets(world, step.targets);
    else if ('testReport' in step) {
      const { of: action, ...report } = step.testReport;
      knownAction(this.rehearsal, action);
      knownReportGroup(world, report.group);
      this.rehearsal.testReports.say(action, report);
    } else if ('coverageReport' in step) {
      const { of: action, ...report } = step.coverageReport;
      knownAction(this.rehearsal, action);
      knownReportGroup(world, report.group);
      this.rehearsal.testReports.say(action, report);
    } else if ('sbom' in step) {
      const { of: action, ...sbom } = step.sbom;
      knownAction(this.rehearsal, action);
      knownBucket(world, sbom.bucket);
      this.rehearsal.sboms.say(action, sbom);
    } else if ('imageScan' in step) {
      knownRepository(world, step.imageScan.repository);
      this.rehearsal.imageScans.say(step.imageScan);
    } else if ('findings' in step) {
      this.rehearsal.securityFindings.say(step.findings.found);
    } else if ('fail' in step) {
      const { operation, code, times, after, of: principal } = step.fail;
      if (principal !== undefined) world.functionNamed(principal);
      known('operation', operation, world.operations);
      const until = step.fail.for === undefined ? undefined : new Date(world.clock.now() + step.fail.for);
      world.faults.add({ operation, code, times, after, until, principal });
    } else if ('action' in step) {
      const [stage = '', action = ''] = step.action.name.split('/');
      runOf(this.rehearsal, step.action.name);
      const { result: status, summary, variables: outputVariables } = step.action;
      const result = { status, summary, outputVariables };
      pipelines.override({ stage, action, result, times: step.action.times ?? 1 });
    } else if ('notify' in step) await this.notify(step.notify.gate, step.notify.times ?? 1);
    else if ('lose' in step) {
      runOf(this.rehearsal, step.lose.gate);
      pipelines.approvals.lose(step.lose.gate, step.lose.times ?? 1);
    } else if ('web' in step) world.web.set(step.web.address, step.web);
    else if ('rollback' in step) {
      knownStage(this.rehearsal, step.rollback.stage);
      await this.rehearsal.rollback(step.rollback.stage, step.rollback.as);
    } else if ('stopDeployment' in step) stopDeployment(this.rehearsal, step.stopDeployment.of);
    else if ('deploymentConfig' in step) {
      chooseConfig(this.rehearsal, step.deploymentConfig.of, step.deploymentConfig.config);
    } else if ('mailbox' in step) {
      knownAddress(world, step.mailbox.address);
      world.setSubscription(step.mailbox.address, step.mailbox.state);
    } else if ('parameter' in step) {
      this.parameter(step.parameter);
    } else if ('function' in step) {
      const { name, down, how = 'throttled' } = step.function;
      world.faults.stop(world.functionNamed(name).physicalId, { until: world.clock.now() + down, how });
    } else if ('follow' in step) this.rehearsal.follow(step.follow.run);
    else if ('mark' in step) {
      this.rehearsal.marks.set(step.mark.as, world.counts());
    } else if ('stop' in step) {
      const { latest } = this.rehearsal;
      if (latest === undefined) throw new Error('nothing was pushed yet');
      const { abandon = true, reason = 'stopped by the scenario' } = step.stop;
      this.rehearsal.engine(latest.pipeline).stop(latest.execution.id, abandon, reason);
    } else if ('update' in step) this.update(step.update);
    else if ('retry' in step) {
      const { latest } = this.rehearsal;
      if (latest === undefined) throw new Error('nothing was pushed yet');
      knownStage(this.rehearsal, step.retry.stage);
      const mode = step.retry.all === true ? 'ALL_ACTIONS' : 'FAILED_ACTIONS';
      this.rehearsal.engine(latest.pipeline).retry(step.retry.stage, latest.execution.id, mode);
    }
    await world.clock.settle();
  }

  private async wait(step: Extract<Step, { readonly wait: unknown }>['wait']): Promise<void> {
    const { clock } = this.rehearsal.world;
    if (step.for !== undefined) return clock.advanceBy(step.for);
    const { until } = step;
    if (until === undefined) return;
    const limit = clock.now() + (step.within ?? DEFAULT_WAIT);
    const reached = await clock.runUntil(() => unmet(this.rehearsal, until).length === 0, { limit });
    if (!reached) this.check(unmet(this.rehearsal, until));
  }

  private async answer(step: AnswerStep, verdict: Verdict): Promise<void> {
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
  private async open(step: OpenStep): Promise<void> {
    runOf(this.rehearsal, step.gate);
    let left = step.times ?? 1;
    while (left > 0) {
      const now = Math.min(left, AT_ONCE);
      await Promise.all(Array.from({ length: now }, () => this.openOnce(step)));
      left -= now;
    }
  }

  private async openOnce(step: OpenStep): Promise<void> {
    const page = await this.review.open(step, step.method);
    const found = kindOf(page);
    const wanted = step.expect ?? 'page';
    if (page.status >= 500 || (wanted !== 'any' && found !== wanted)) {
      throw new Error(`the link of ${step.as} answers ${page.status}, which is not a ${wanted} link`);
    }
    for (const part of step.shows ?? []) {
      if (!page.html.includes(part)) throw new Error(`the page of ${step.as} does not show “${part}”`);
    }
    for (const part of step.hides ?? []) {
      if (page.html.includes(part)) throw new Error(`the page of ${step.as} shows “${part}”`);
    }
    if (step.keep === true) this.kept.set(`${step.gate} ${step.as}`, page);
  }

  private async dashboard({
    as,
    query,
    shows = [],
    hides = [],
    emailLink,
    away,
    back,
    expect = 'page',
  }: DashboardStep): Promise<void> {
    const viewer = this.viewers.get(as) ?? new DashboardClient(this.rehearsal.world, as);
    this.viewers.set(as, viewer);
    const page = await viewer.look(query);
    const found = page.status === 200 ? 'page' : 'not-signed-in';
    if (page.status >= 500 || found !== expect) {
      throw new Error(`the dashboard answers ${as} by ${page.status}, which is not a ${expect}`);
    }
    const says = DashboardClient.textOf(page.html);
    for (const part of shows) {
      if (!says.includes(part)) throw new Error(`the dashboard of ${as} does not show “${part}”`);
    }
    for (const part of hides) {
      if (says.includes(part)) throw new Error(`the dashboard of ${as} shows “${part}”`);
    }
    if (emailLink !== undefined) await viewer.emailLink(page, emailLink);
    if (away !== undefined) await viewer.goAway(away);
    if (back === true) await viewer.comeBack();
  }

  private async console(step: Extract<Step, { readonly console: unknown }>['console']): Promise<void> {
    const { world, latest } = this.rehearsal;
    const [stageName = '', actionName = ''] = step.gate.split('/');
    const run = runOf(this.rehearsal, step.gate);
    const caller: Caller = { principal: 'console', arn: step.as, roleArn: step.as };
    const status = step.verdict === 'approve' ? 'Approved' : 'Rejected';
    const put = world.call(
      'codepipeline',
      'PutApprovalResult',
      {
        pipelineName: latest?.pipeline,
        stageName,
        actionName,
        token: run?.token,
        result: { status, summary: step.summary ?? '' },
      },
      caller,
    );
    const refused = await put.then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if ((refused !== undefined) !== (step.expect === 'refused')) {
      throw new Error(`CodePipeline ${refused === undefined ? 'took the answer' : `refused: ${refused.message}`}`);
    }
  }

  private alarm(step: Extract<Step, { readonly alarm: unknown }>['alarm']): void {
    const { world } = this.rehearsal;
    const { name, state, after = 0, reason = 'as the scenario says' } = step;
    knownAlarm(world, name);
    const back = world.alarms.state(name) ?? 'OK';
    const at = world.clock.now() + after;
    world.clock.schedule(at, `alarm ${name} is ${state}`, () => world.alarms.set(name, state, reason));
    if (step.for !== undefined) {
      world.clock.schedule(at + step.for, `alarm ${name} is ${back}`, () => world.alarms.set(name, back, 'it is over'));
    }
  }

  private calendar(step: Extract<Step, { readonly calendar: unknown }>['calendar']): void {
    const { world } = this.rehearsal;
    const { name, account, state, after = 0 } = step;
    knownCalendar(world, name);
    const at = world.clock.now() + after;
    world.calendars.set({ name, account }, state, at, at + (step.for ?? 0));
  }

  private async notify(gate: string, times: number): Promise<void> {
    const run = runOf(this.rehearsal, gate);
    if (run?.status !== 'InProgress') throw new Error(`${gate} does not ask now`);
    for (let time = 0; time < times; time += 1) {
      await this.rehearsal.world.clock.track(this.rehearsal.pipelines.approvals.notifyAgain(run));
    }
  }

  private parameter(step: Extract<Step, { readonly parameter: unknown }>['parameter']): void {
    const { world } = this.rehearsal;
    const now = world.clock.now();
    for (const name of parametersNamed(world, step.name)) {
      if (step.missing !== undefined) world.faults.hide(name, now + step.missing);
      else world.faults.replace(name, (value) => replaced(value, step), now + (step.for ?? Infinity));
    }
  }

  private update(step: Extract<Step, { readonly update: unknown }>['update']): void {
    const engine = this.rehearsal.engine(step.pipeline);
    const { name } = engine.model;
    const { rename, remove, keepsRuns } = step;
    for (const path of [...Object.keys(rename ?? {}), ...(remove ?? [])]) {
      known('stage or action', path, pathsOf(engine.model));
    }
    if (step.delete === true) this.rehearsal.pipelines.delete(name);
    else engine.update({ rename, remove }, keepsRuns);
  }

  private check(problems: readonly string[]): void {
    if (problems.length > 0) throw new Error(problems.join('; '));
  }
}

/** The value that a parameter is to have: another one, or its own with other members. */
function replaced(value: string, step: Extract<Step, { readonly parameter: unknown }>['parameter']): string {
  if (step.with === undefined) return step.value ?? value;
  const members = Object.entries(step.with).map(([member, text]) => [member, jsonOr(text)]);
  return JSON.stringify({ ...(JSON.parse(value) as object), ...(Object.fromEntries(members) as object) });
}

/** `2` and `true` are no texts in a JSON document. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
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
