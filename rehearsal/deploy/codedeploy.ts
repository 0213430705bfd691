/** CodeDeploy for Lambda: shifts an alias from one version to the next, watches alarms, goes back when it hurts. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Course } from '../pipeline/course';
import type { AliasUpdate } from '../world';
import { AwsError } from '../service';
import { functionNameOf } from '../template/identity';
import type { Resource } from '../template/model';
import { AliasCalls } from './alias-calls';
import type { DeployHost } from './host';
import type { ShiftStep } from './shift';
import { ALL_AT_ONCE, customShift, predefinedShift } from './shift';
import { showErrors } from './shown-errors';
import { VersionWatch } from './version-watch';

export type DeploymentStatus = 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';

export interface LambdaDeployment {
  readonly id: string;
  readonly stack: string;
  readonly application: string;
  readonly group: string;
  readonly config: string;
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  readonly startedAt: number;
  readonly alarms: readonly string[];
  status: DeploymentStatus;
  /** Share of the traffic that the new version has. */
  percent: number;
  phase: 'BeforeAllowTraffic' | 'AllowTraffic' | 'AfterAllowTraffic';
  why?: string;
  endedAt?: number;
}

interface Run {
  readonly deployment: LambdaDeployment;
  readonly calls: AliasCalls;
  readonly update: AliasUpdate;
  readonly course: Course;
  readonly returnsErrors: boolean;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

type HookStatus = 'Succeeded' | 'Failed';

export class CodeDeploy {
  readonly deployments: LambdaDeployment[] = [];
  private readonly hooks = new Map<string, { status?: HookStatus; answer?: (status: HookStatus) => void }>();
  /** Why deployments have to stop, whatever they wait for. */
  private readonly stopped = new Map<string, string>();
  private readonly stops = new Map<string, () => void>();
  /** Configurations that somebody chose for deployment groups, and what the templates said then. */
  private readonly chosen = new Map<string, { readonly config: string; readonly declared: string }>();
  private readonly watch: VersionWatch;

  constructor(
    private readonly host: DeployHost,
    private readonly changed: () => void = () => undefined,
  ) {
    this.watch = new VersionWatch(host);
    host.alarms.onChange((name, state, reason) => {
      if (state !== 'ALARM') return;
      for (const deployment of this.active()) {
        if (deployment.alarms.includes(name)) this.stop(deployment.id, `alarm ${name} went red: ${reason}`);
      }
    });
  }

  active(): readonly LambdaDeployment[] {
    return this.deployments.filter((deployment) => deployment.status === 'InProgress');
  }

  /** A hook reports. Answers false when no such hook is waited for. */
  report(deploymentId: string, hookId: string, status: HookStatus): boolean {
    const hook = this.hooks.get(`${deploymentId} ${hookId}`);
    if (hook === undefined || hook.status !== undefined) return false;
    hook.status = status;
    hook.answer?.(status);
    return true;
  }

  /** False when it is over. */
  stop(deploymentId: string, why: string): boolean {
    const isActive = this.active().some(({ id }) => id === deploymentId);
    if (isActive && !this.stopped.has(deploymentId)) {
      this.stopped.set(deploymentId, why);
      this.stops.get(deploymentId)?.();
    }
    return isActive;
  }

  /** Deployment groups by the aliases that they shift, as shop:live. */
  groups(): ReadonlyMap<string, string> {
    return new Map(
      this.host.resources('AWS::Lambda::Alias').flatMap(({ properties, updatePolicy }) => {
        const group: unknown = updatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName;
        const alias = `${functionNameOf(String(properties.FunctionName))}:${properties.Name}`;
        return group === undefined ? [] : [[alias, String(group)] as const];
      }),
    );
  }

  /** Another configuration for a group. CloudFormation does not notice, and leaves it as long as its template says the same as before. */
  choose(group: string, config: string | undefined): void {
    if (config === undefined) {
      this.chosen.delete(group);
      return;
    }
    if (this.customConfig(config) === undefined && predefinedShift(config) === undefined) {
      throw new AwsError(
        'DeploymentConfigDoesNotExistException',
        `No deployment configuration found for name: ${config}`,
      );
    }
    this.chosen.set(group, { config, declared: this.declaredConfig(group) });
  }

  /** Runs to its end; undefined is success, a text says why the alias is back on its old version. */
  async run(update: AliasUpdate, course: Course, returnsErrors = false): Promise<string | undefined> {
    const deployment = this.begin(update);
    const calls = new AliasCalls(this.host, this.groupNamed(update.deploymentGroupName), update);
    const failure = await this.perform({ deployment, calls, update, course, returnsErrors });
    this.stops.delete(deployment.id);
    deployment.endedAt = course.now();
    if (failure === undefined) {
      deployment.status = 'Succeeded';
      this.note(deployment, `${deployment.alias} is on version ${deployment.to}`);
      return undefined;
    }
    deployment.status = this.stopped.has(deployment.id) ? 'Stopped' : 'Failed';
    deployment.why = failure;
    const stays = await calls.move(deployment.from);
    if (stays === undefined) deployment.percent = 0;
    const where = stays === undefined ? `is back on version ${deployment.from}` : `stays where it is: ${stays}`;
    this.note(deployment, `${failure}; ${deployment.alias} ${where}`, 'error');
    return failure;
  }

  private begin(update: AliasUpdate): LambdaDeployment {
    const alarms = this.groupNamed(update.deploymentGroupName)?.properties.AlarmConfiguration;
    const deployment: LambdaDeployment = {
      id: `d-${randomBytes(5).toString('hex').slice(0, 9).toUpperCase()}`,
      stack: update.resource.stack,
      application: update.applicationName,
      group: update.deploymentGroupName,
      config: this.configOf(update.deploymentGroupName),
      functionName: update.functionName,
      alias: update.alias,
      from: update.from,
      to: update.to,
      startedAt: this.host.clock.now(),
      alarms:
        alarms?.Enabled === false
          ? []
          : (alarms?.Alarms ?? []).map(({ Name }: any) => this.host.alarms.idOf(Name, update.resource)),
      status: 'InProgress',
      percent: 0,
      phase: 'BeforeAllowTraffic',
    };
    this.deployments.push(deployment);
    this.note(deployment, `deploys version ${deployment.to} to ${deployment.alias} (${deployment.config})`);
    return deployment;
  }

  private async perform(run: Run): Promise<string | undefined> {
    const { deployment, calls, update } = run;
    const unread = await calls.describeAlarms(deployment.alarms);
    const red = deployment.alarms.find((name) => this.host.alarms.state(name) === 'ALARM');
    return (
      unread ??
      (red === undefined ? undefined : `alarm ${red} is red already`) ??
      (await calls.look()) ??
      (await this.hook(run, 'BeforeAllowTraffic', update.beforeAllowTrafficHook)) ??
      (await this.shift(run)) ??
      (await this.hook(run, 'AfterAllowTraffic', update.afterAllowTrafficHook))
    );
  }

  private async shift({ deployment, calls, course, returnsErrors }: Run): Promise<string | undefined> {
    deployment.phase = 'AllowTraffic';
    if (returnsErrors) this.showErrors(deployment);
    this.watch.begin(deployment.alarms, () => deployment.status !== 'InProgress');
    for (const step of this.steps(deployment.config)) {
      const { functionName, alias, from, to } = deployment;
      const refused = step.percent >= 100 ? await calls.move(to) : await calls.move(from, { [to]: step.percent / 100 });
      if (refused !== undefined) return refused;
      deployment.percent = step.percent;
      this.note(deployment, `${step.percent} % of ${alias} goes to version ${to}`);
      if (step.minutes === 0) continue;
      await course.wait<undefined>(step.minutes * MINUTE, `${functionName}: next step of the shift`, (stop) => {
        this.stops.set(deployment.id, () => stop(undefined));
      });
      if (this.stopped.has(deployment.id)) break;
    }
    return this.stopped.get(deployment.id);
  }

  private async hook(
    { deployment, calls, course }: Run,
    phase: 'BeforeAllowTraffic' | 'AfterAllowTraffic',
    functionName: string | undefined,
  ): Promise<string | undefined> {
    if (functionName === undefined) return undefined;
    deployment.phase = phase;
    this.changed();
    const hookId = randomUUID();
    const hook: { status?: HookStatus; answer?: (status: HookStatus) => void } = {};
    this.hooks.set(`${deployment.id} ${hookId}`, hook);
    const payload = { DeploymentId: deployment.id, LifecycleEventHookExecutionId: hookId };
    // Whatever else keeps the function from running: a hook that says nothing is waited for.
    const refused = await calls.invoke(functionName, payload, (why) =>
      this.note(deployment, `${phase} hook: ${why}`, 'error'),
    );
    if (refused !== undefined) return refused;
    const { stopped } = this;
    const status =
      hook.status ??
      (stopped.has(deployment.id)
        ? undefined
        : await course.wait<HookStatus | undefined>(
            HOUR,
            `${phase} hook of ${deployment.functionName} has to report`,
            (answer) => {
              hook.answer = answer;
              this.stops.set(deployment.id, () => answer(undefined));
            },
          ));
    if (stopped.has(deployment.id)) return stopped.get(deployment.id);
    if (status === 'Succeeded') return undefined;
    return status === undefined ? `the ${phase} hook did not report within an hour` : `the ${phase} hook said no`;
  }

  private steps(config: string): readonly ShiftStep[] {
    const custom = this.customConfig(config);
    if (custom !== undefined) return customShift(custom.properties.TrafficRoutingConfig);
    return predefinedShift(config) ?? ALL_AT_ONCE;
  }

  private customConfig(config: string): Resource | undefined {
    return this.host.resources('AWS::CodeDeploy::DeploymentConfig').find(({ physicalId }) => physicalId === config);
  }

  private configOf(group: string): string {
    const declared = this.declaredConfig(group);
    const chosen = this.chosen.get(group);
    return chosen?.declared === declared ? chosen.config : declared;
  }

  private declaredConfig(group: string): string {
    const found = this.groupNamed(group);
    return String(found?.properties.DeploymentConfigName ?? 'CodeDeployDefault.LambdaAllAtOnce');
  }

  private groupNamed(name: string): Resource | undefined {
    return this.host.resources('AWS::CodeDeploy::DeploymentGroup').find(({ physicalId }) => physicalId === name);
  }

  private showErrors(deployment: LambdaDeployment): void {
    const alarm = this.errorAlarm(deployment.alarms);
    if (alarm === undefined) return;
    const { functionName: name, to } = deployment;
    const serves = (): boolean => deployment.status === 'InProgress';
    showErrors(this.host, alarm, { name, version: `version ${to} of ${name}`, serves });
  }

  private errorAlarm(names: readonly string[]): string | undefined {
    const errors = this.host
      .resources('AWS::CloudWatch::Alarm')
      .filter((resource) => /"MetricName":"Errors"/.test(JSON.stringify(resource.properties)))
      .map((resource) => this.host.alarms.idOf(resource.physicalId, resource));
    return errors.find((id) => names.includes(id)) ?? names[0];
  }

  private note(deployment: LambdaDeployment, text: string, level: 'info' | 'error' = 'info'): void {
    this.host.journal.add('deploy', `${deployment.functionName}: ${text}`, level);
    this.changed();
  }
}
