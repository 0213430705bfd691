/** Manual approval actions: they ask, wait, and are answered once. */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../service';
import { AwsError } from '../service';
import { approvalNotification } from './announce';
import { ASSUMED, type Assumptions } from './assumptions';
import type { ActionRun } from './execution';
import type { Host } from './host';
import type { PipelineModel } from './model';
import type { Provider } from './provider';

export interface ApprovalAnswer {
  readonly pipelineName: string;
  readonly stageName: string;
  readonly actionName: string;
  readonly token: string;
  readonly status: 'Approved' | 'Rejected';
  readonly summary: string;
}

interface Open {
  readonly pipeline: string;
  readonly run: ActionRun;
  /** Sends the notification once more, as SNS may do by itself. */
  readonly notify: () => Promise<void>;
  readonly resume: (answer: ApprovalAnswer) => void;
}

const DEFAULT_TIMEOUT_MINUTES = 7 * 24 * 60;

export class Approvals {
  private readonly byToken = new Map<string, Open>();
  /** How many notifications of a gate are still to get lost. */
  private readonly losses = new Map<string, number>();

  constructor(
    private readonly host: Host,
    private readonly assumed: () => Assumptions = () => ASSUMED,
  ) {}

  readonly provider: Provider = async (work, course) => {
    const minutes = work.action.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
    const { run, pipeline } = work;
    const token = randomUUID();
    run.token = token;
    run.externalId = token;
    run.expiresAt = course.now() + minutes * 60_000;
    run.externalUrl = run.resolvedConfiguration.ExternalEntityLink;
    const topic = run.resolvedConfiguration.NotificationArn;
    const notify = async (): Promise<void> => {
      if (topic === undefined) return;
      // An action with a role of its own publishes with that.
      const roleArn = work.action.roleArn ?? pipeline.roleArn;
      const caller = roleArn === undefined ? undefined : this.host.caller(roleArn);
      const { subject, message, email } = approvalNotification(this.host, pipeline, run);
      // People get a text, everything else the JSON.
      const byProtocol = JSON.stringify({ default: message, email });
      await this.host.publish(topic, { subject, message: byProtocol, structure: 'json' }, caller);
    };
    this.host.journal.add('gate', `${pipeline.name}: ${run.stage}/${run.action} asks`);
    const early: ApprovalAnswer[] = [];
    const open = { pipeline: pipeline.name, run, notify, resume: (answer: ApprovalAnswer) => void early.push(answer) };
    this.byToken.set(token, open);
    if (!this.lost(`${run.stage}/${run.action}`)) await notify();
    const answer =
      early[0] ??
      (await course.wait<ApprovalAnswer>(
        run.expiresAt - course.now(),
        `${run.stage}/${run.action} of ${pipeline.name} stops waiting`,
        (resume) => {
          this.byToken.set(token, { ...open, resume });
        },
      ));
    if (answer === undefined) {
      run.expired = true;
      // A run that was abandoned has its end already.
      if (run.status === 'InProgress') run.updatedBy = closedBy(this.host, this.assumed(), pipeline);
      return { status: 'Failed', errorCode: 'Timeout', summary: 'nobody answered the approval in time' };
    }
    return {
      status: answer.status === 'Approved' ? 'Succeeded' : 'Failed',
      summary: answer.summary,
      errorCode: answer.status === 'Approved' ? undefined : 'ApprovalRejected',
    };
  };

  /** The next so many notifications of a gate never arrive. */
  lose(gate: string, times: number): void {
    this.losses.set(gate, times);
  }

  private lost(gate: string): boolean {
    const left = this.losses.get(gate) ?? 0;
    if (left === 0) return false;
    this.losses.set(gate, left - 1);
    this.host.journal.add('gate', `the notification of ${gate} got lost`, 'warning');
    return true;
  }

  /** At least once means that it may come twice. */
  async notifyAgain(run: ActionRun): Promise<void> {
    await this.byToken.get(run.token ?? '')?.notify();
  }

  answer(answer: ApprovalAnswer, caller: Caller): number {
    const open = this.byToken.get(answer.token);
    const run = open?.run;
    if (
      open === undefined ||
      run === undefined ||
      open.pipeline !== answer.pipelineName ||
      run.stage !== answer.stageName ||
      run.action !== answer.actionName ||
      run.status === 'Abandoned' ||
      run.expired === true ||
      this.host.clock.now() >= (run.expiresAt ?? 0)
    ) {
      throw new AwsError('InvalidApprovalTokenException', 'the approval token is not valid, or is no longer valid');
    }
    if (answered(run)) {
      throw new AwsError('ApprovalAlreadyCompletedException', 'the approval action has already been answered');
    }
    const now = this.host.clock.now();
    run.updatedAt = now;
    run.updatedBy = caller.arn;
    run.summary = answer.summary;
    run.status = answer.status === 'Approved' ? 'Succeeded' : 'Failed';
    open.resume(answer);
    return now;
  }
}

/** Whom CodePipeline names for what it closes by itself. */
export function closedBy(host: Host, assumed: Assumptions, { roleArn }: PipelineModel): string | undefined {
  return assumed.closedBy === 'nobody' || roleArn === undefined ? undefined : host.caller(roleArn, 'codepipeline').arn;
}

function answered(run: ActionRun): boolean {
  return run.status === 'Succeeded' || run.status === 'Failed';
}
