/**
 * CodeDeploy for ECS: a second set of tasks beside the first one, test traffic, then production traffic by the configuration; the old tasks stay
 * for a while, and get everything back when that hurts
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html).
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Course } from '../pipeline/course';
import { succeeds, type Provider } from '../pipeline/provider';
import type { Resource } from '../template/model';
import { appSpecHooks, type AppSpecHooks } from './app-spec';
import { askDeployment, orderDeployment } from './deploy-action';
import type { DeployHost } from './host';
import { ALL_AT_ONCE, customShift, predefinedShift, type ShiftStep } from './shift';
import { showErrors } from './shown-errors';
import { registerTaskDefinition } from './task-definition-file';
import { TaskSetCalls } from './task-set-calls';

const MINUTE = 60_000;

/** How long CodeDeploy waits for a hook that does not report. */
const HOUR = 60 * MINUTE;

/** How long new tasks take to start and to be healthy. */
const INSTALL = 2 * MINUTE;

export type TaskSetPhase =
  | 'BeforeInstall'
  | 'Install'
  | 'AfterInstall'
  | 'AllowTestTraffic'
  | 'AfterAllowTestTraffic'
  | 'BeforeAllowTraffic'
  | 'AllowTraffic'
  | 'AfterAllowTraffic'
  | 'WaitToTerminate';

export interface TaskSetDeployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly config: string;
  /** Name of the service. */
  readonly name: string;
  /** Task sets, counted from the first. */
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  readonly alarms: readonly string[];
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';
  phase: TaskSetPhase;
  /** Percent of the production traffic, and of the test traffic, that the new tasks have. */
  percent: number;
  testPercent: number;
  /** Whether the old tasks still run. */
  oldTasksRun: boolean;
  why?: string;
  endedAt?: number;
}

type HookStatus = 'Succeeded' | 'Failed';

/** What the action brings. */
interface Given {
  readonly hooks: AppSpecHooks;
  readonly returnsErrors: boolean;
  /** ARN of what CodePipeline has registered. */
  readonly taskDefinition?: string;
}

interface Run {
  readonly deployment: TaskSetDeployment;
  readonly course: Course;
  readonly hooks: AppSpecHooks;
  readonly group: Resource;
  readonly calls: TaskSetCalls;
  readonly returnsErrors: boolean;
  /** The hook that has to report, and what it has reported. */
  waiting?: { readonly id: string; status?: HookStatus };
  /** An alarm or somebody has stopped the deployment. */
  stopped?: string;
  wake?: () => void;
}

export class EcsTaskSets {
  readonly deployments: TaskSetDeployment[] = [];
  private readonly runs = new Map<string, Run>();
  private readonly sets = new Map<string, number>();

  constructor(private readonly host: DeployHost) {
    host.alarms.onChange((name, state, reason) => {
      if (state !== 'ALARM') return;
      for (const { deployment } of this.runs.values()) {
        if (deployment.alarms.includes(name)) this.stop(deployment.id, `alarm ${name} went red: ${reason}`);
      }
    });
  }

  /** The CodeDeployToECS action of CodePipeline. A deployment group of another app succeeds, like every action that nobody knows. */
  readonly provider: Provider = async (work, course) => {
    const { DeploymentGroupName: name, AppSpecTemplateArtifact: artifact } = work.run.resolvedConfiguration;
    const group = this.host.resources('AWS::CodeDeploy::DeploymentGroup').find(({ physicalId }) => physicalId === name);
    const service = group && this.serviceOf(group);
    if (group === undefined || service === undefined) return succeeds(work, course);
    if (this.underWay(name).length > 0) {
      return { status: 'Failed', summary: `deployment group ${name} already has an active deployment` };
    }
    const { arn, failure: unusable } = await registerTaskDefinition(this.host, work);
    if (unusable !== undefined) return { status: 'Failed', summary: unusable.slice(0, 2048) };
    await orderDeployment(this.host, work, group);
    const hooks = appSpecHooks(this.host, work.pipeline, artifact);
    const returnsErrors = work.execution.change?.breaks?.[String(service.attributes.Name)] === 'errors';
    const run = this.begin(group, service, course, { hooks: hooks ?? {}, returnsErrors, taskDefinition: arn });
    if (hooks === undefined) this.note(run.deployment, `nothing says which hooks the AppSpec in ${artifact} has`);
    if (arn === undefined) this.note(run.deployment, 'nothing says what is in the task definition of the build');
    work.progress(`CodeDeploy deployment ${run.deployment.id}`);
    const failure = await this.finish(run);
    const externalId = run.deployment.id;
    await askDeployment(this.host, work, externalId);
    return failure === undefined
      ? { status: 'Succeeded', externalId, summary: `${run.deployment.name} was deployed` }
      : { status: 'Failed', externalId, summary: `${run.deployment.name}: ${failure}`.slice(0, 2048) };
  };

  /** Whether CodeDeploy deploys this service. */
  deploys({ properties }: Resource): boolean {
    return properties.DeploymentController?.Type === 'CODE_DEPLOY';
  }

  /** The task set that has the traffic of a service when no deployment is under way. */
  revisionOf({ attributes }: Resource): number {
    return this.sets.get(String(attributes.Name)) ?? 1;
  }

  /** Deployments of a group that have not ended. */
  underWay(group: string | undefined): readonly TaskSetDeployment[] {
    return [...this.runs.values()].map(({ deployment }) => deployment).filter((one) => one.group === group);
  }

  /** A hook reports. Answers false when no such hook is waited for. */
  report(deploymentId: string, hookId: string, status: HookStatus): boolean {
    const run = this.runs.get(deploymentId);
    if (run?.waiting?.id !== hookId || run.waiting.status !== undefined) return false;
    run.waiting.status = status;
    run.wake?.();
    return true;
  }

  stop(deploymentId: string, why: string): boolean {
    const run = this.runs.get(deploymentId);
    if (run === undefined) return false;
    run.stopped ??= why;
    run.wake?.();
    return true;
  }

  private serviceOf({ properties }: Resource): Resource | undefined {
    const wanted = properties.ECSServices?.[0]?.ServiceName;
    return this.host.resources('AWS::ECS::Service').find(({ attributes }) => attributes.Name === wanted);
  }

  private begin(group: Resource, service: Resource, course: Course, given: Given): Run {
    const { hooks, returnsErrors, taskDefinition } = given;
    const { properties, physicalId } = group;
    const { Enabled, Alarms = [] } = properties.AlarmConfiguration ?? {};
    const name = String(service.attributes.Name);
    const from = this.revisionOf(service);
    const deployment: TaskSetDeployment = {
      id: `d-${randomBytes(5).toString('hex').slice(0, 9).toUpperCase()}`,
      application: String(properties.ApplicationName),
      group: physicalId,
      config: properties.DeploymentConfigName ?? 'CodeDeployDefault.ECSAllAtOnce',
      name,
      from,
      to: Math.max(from, ...this.deployments.filter((one) => one.name === name).map(({ to }) => to)) + 1,
      startedAt: course.now(),
      alarms: Enabled === false ? [] : Alarms.map(({ Name }: any) => this.host.alarms.idOf(Name, group)),
      status: 'InProgress',
      phase: 'BeforeInstall',
      percent: 0,
      testPercent: 0,
      oldTasksRun: true,
    };
    const run: Run = {
      deployment,
      course,
      hooks,
      group,
      returnsErrors,
      calls: new TaskSetCalls(this.host, group, service, taskDefinition),
    };
    this.deployments.push(deployment);
    this.runs.set(deployment.id, run);
    this.note(deployment, `gets task set ${deployment.to} (${deployment.config})`);
    return run;
  }

  /** Runs to its end; undefined is success, a text says why the old tasks have the traffic. */
  private async finish(run: Run): Promise<string | undefined> {
    const { deployment, course } = run;
    this.host.watched.ecsServices.set(deployment.name, { state: 'deploying' });
    const failure = (await this.refusal(run)) ?? (await this.perform(run));
    if (failure !== undefined) await this.goBack(run, failure);
    else {
      deployment.status = 'Succeeded';
      deployment.percent = 0;
      deployment.oldTasksRun = false;
      this.sets.set(deployment.name, deployment.to);
      this.note(deployment, `is on task set ${deployment.to}; the old tasks were stopped`);
    }
    deployment.endedAt = course.now();
    this.runs.delete(deployment.id);
    this.host.watched.ecsServices.set(deployment.name, { state: failure === undefined ? 'redeployed' : 'steady' });
    return deployment.why;
  }

  /** What CodeDeploy finds out before it does anything. */
  private async refusal({ deployment: { alarms }, calls }: Run): Promise<string | undefined> {
    const unread = await calls.describeAlarms(alarms);
    const red = alarms.find((name) => this.host.alarms.state(name) === 'ALARM');
    return unread ?? (red && `alarm ${red} is red already, so CodeDeploy does not deploy`);
  }

  private async perform(run: Run): Promise<string | undefined> {
    const { deployment, calls } = run;
    return (
      (await this.hook(run, 'BeforeInstall')) ??
      (await this.phase(run, 'Install', () => calls.createTaskSet(), INSTALL)) ??
      (await this.hook(run, 'AfterInstall')) ??
      (await this.testTraffic(run)) ??
      (await this.hook(run, 'AfterAllowTestTraffic')) ??
      (await this.hook(run, 'BeforeAllowTraffic')) ??
      (await this.shift(run)) ??
      (await this.hook(run, 'AfterAllowTraffic')) ??
      (await this.phase(run, 'WaitToTerminate', () => calls.makePrimary(), bakeOf(run.group))) ??
      (await calls.deleteTaskSet(deployment.from))
    );
  }

  private async testTraffic(run: Run): Promise<string | undefined> {
    const { deployment, calls } = run;
    if (!calls.hasTestTraffic) return undefined;
    return this.phase(run, 'AllowTestTraffic', async () => {
      const refused = await calls.shift('test', 100);
      if (refused === undefined) deployment.testPercent = 100;
      return refused;
    });
  }

  private async shift(run: Run): Promise<string | undefined> {
    const { deployment, calls } = run;
    for (const { percent, minutes } of this.steps(deployment.config)) {
      const failure = await this.phase(
        run,
        'AllowTraffic',
        async () => {
          const refused = await calls.shift('production', percent);
          if (refused !== undefined) return refused;
          if (run.returnsErrors && deployment.percent === 0) this.showErrors(deployment);
          deployment.percent = percent;
          this.note(deployment, `has ${percent} % of its traffic on task set ${deployment.to}`);
          return undefined;
        },
        minutes * MINUTE,
      );
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  private async phase(
    run: Run,
    phase: TaskSetPhase,
    act: () => Promise<string | undefined>,
    milliseconds = 0,
  ): Promise<string | undefined> {
    run.deployment.phase = phase;
    const refused = await act();
    return refused ?? this.pause(run, run.course.now() + milliseconds, () => false);
  }

  private async hook(run: Run, event: TaskSetPhase): Promise<string | undefined> {
    const { deployment, course, hooks, calls } = run;
    const functionName = hooks[event];
    if (functionName === undefined) return undefined;
    deployment.phase = event;
    const waiting: NonNullable<Run['waiting']> = { id: randomUUID() };
    run.waiting = waiting;
    const refused = await calls.invoke(functionName, {
      DeploymentId: deployment.id,
      LifecycleEventHookExecutionId: waiting.id,
    });
    if (refused !== undefined) return refused;
    const stopped = await this.pause(run, course.now() + HOUR, () => waiting.status !== undefined);
    if (stopped !== undefined) return stopped;
    if (waiting.status === 'Succeeded') return undefined;
    return waiting.status === undefined
      ? `the ${event} hook did not report within an hour`
      : `the ${event} hook said no`;
  }

  /** Until then, until something holds that is looked at when somebody wakes it, or until somebody stops it. */
  private async pause(run: Run, until: number, holds: () => boolean): Promise<string | undefined> {
    const { course, deployment } = run;
    while (course.now() < until && run.stopped === undefined && !holds()) {
      await course.wait<true>(until - course.now(), `${deployment.phase} of ${deployment.name}`, (answer) => {
        run.wake = () => answer(true);
      });
      run.wake = undefined;
    }
    return run.stopped;
  }

  /** All traffic at once, whatever the strategy; then the new tasks are stopped. */
  private async goBack({ deployment, calls, stopped }: Run, failure: string): Promise<void> {
    const installed = deployment.phase !== 'BeforeInstall';
    const had = Math.max(deployment.percent, deployment.testPercent);
    const kept = had > 0 ? await calls.shift('production', 0) : undefined;
    deployment.status = stopped === undefined ? 'Failed' : 'Stopped';
    deployment.why = kept === undefined ? failure : `${failure}; ${had} % of the traffic stay where they are: ${kept}`;
    if (kept === undefined) {
      if (deployment.testPercent > 0) await calls.shift('test', 0);
      if (installed) await calls.deleteTaskSet(deployment.to);
      deployment.percent = 0;
      deployment.testPercent = 0;
    }
    this.note(deployment, `${deployment.why}; is back on task set ${deployment.from}`, 'error');
  }

  private steps(config: string): readonly ShiftStep[] {
    const custom = this.host
      .resources('AWS::CodeDeploy::DeploymentConfig')
      .find((resource) => resource.physicalId === config);
    if (custom !== undefined) return customShift(custom.properties.TrafficRoutingConfig);
    return predefinedShift(config) ?? ALL_AT_ONCE;
  }

  /** By the first alarm of the group. */
  private showErrors(deployment: TaskSetDeployment): void {
    const { alarms, name, to } = deployment;
    const [alarm] = alarms;
    if (alarm === undefined) return;
    showErrors(this.host, alarm, { name, version: `task set ${to} of ${name}`, serves: () => deployment.percent > 0 });
  }

  private note({ name }: TaskSetDeployment, text: string, level: 'info' | 'error' = 'info'): void {
    this.host.journal.add('deploy', `${name} ${text}`, level);
  }
}

function bakeOf({ properties }: Resource): number {
  const { TerminateBlueInstancesOnDeploymentSuccess: end } = properties.BlueGreenDeploymentConfiguration ?? {};
  return Number(end?.TerminationWaitTimeInMinutes ?? 0) * MINUTE;
}
