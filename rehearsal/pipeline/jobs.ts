/** Lambda actions, and rules that invoke a function: CodePipeline hands a function a job, and goes on when somebody says how it ended. */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../service';
import { roleOf } from './action-role';
import type { Course } from './course';
import type { Host } from './host';
import type { ActionResult, Provider } from './provider';

const MINUTE = 60_000;
/** A function answers within that time (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const PATIENCE = 20 * MINUTE;
/** When a function that wants to go on is invoked again; no document of AWS says. */
const AGAIN = MINUTE;
/** Of all variables of a job together. */
const VARIABLES = 122_880;

/** What a function says of its job: an end, or where it wants to go on. */
type Answer = ActionResult | Continuation;

interface Continuation {
  readonly continuationToken: string;
  readonly summary?: string;
  readonly percent?: number;
}

/** Who asks a function, and what it is told. */
interface Question {
  readonly what: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** Hears how far it is. */
  readonly progress?: (summary: string, percent?: number) => void;
}

interface Job {
  answered: boolean;
  early?: Answer;
  resume?: (answer: Answer) => void;
}

export class Jobs {
  private readonly byId = new Map<string, Job>();

  constructor(private readonly host: Host) {}

  readonly provider: Provider = (work, course) => {
    const roleArn = roleOf(this.host, work.action.roleArn, work.pipeline.roleArn);
    const what = `${work.run.stage}/${work.run.action}`;
    const progress = (summary: string, percent?: number): void => work.progress(summary, percent);
    return this.ask({ what, configuration: work.run.resolvedConfiguration, roleArn, progress }, course);
  };

  async ask(question: Question, course: Course): Promise<ActionResult> {
    let continuationToken: string | undefined;
    for (;;) {
      const id = randomUUID();
      const job: Job = { answered: false };
      this.byId.set(id, job);
      await this.invoke(id, question, continuationToken);
      const answer =
        job.early ??
        (await course.wait<Answer>(PATIENCE, `${question.what} has to be answered`, (resume) => {
          job.resume = resume;
        }));
      job.answered = true;
      if (answer === undefined) {
        return { status: 'Failed', errorCode: 'Timeout', summary: 'the function did not answer within 20 minutes' };
      }
      if (!('continuationToken' in answer)) return answer;
      ({ continuationToken } = answer);
      if (answer.summary !== undefined) question.progress?.(answer.summary, answer.percent);
      await course.sleep(AGAIN, `${question.what} goes on`);
    }
  }

  answer(id: string, answer: Answer): void {
    const job = this.byId.get(id);
    if (job === undefined) throw new AwsError('JobNotFoundException', `no job ${id}`);
    if (job.answered) throw new AwsError('InvalidJobStateException', `the job ${id} has an answer already`);
    job.answered = true;
    if (job.resume === undefined) job.early = answer;
    else job.resume(answer);
  }

  /** By the role of the action or the rule, as CodePipeline does. */
  private async invoke(id: string, question: Question, continuationToken?: string): Promise<void> {
    const { account } = this.host;
    const { configuration, roleArn } = question;
    const { FunctionName = '', UserParameters } = configuration;
    const data = {
      actionConfiguration: { configuration: { FunctionName, UserParameters } },
      inputArtifacts: [],
      outputArtifacts: [],
      artifactCredentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal', sessionToken: 'rehearsal' },
      continuationToken,
    };
    const Payload: unknown = JSON.parse(JSON.stringify({ 'CodePipeline.job': { id, accountId: account, data } }));
    const input = { FunctionName, InvocationType: 'Event', Payload };
    await this.host.call('lambda', 'Invoke', input, this.host.caller(roleArn));
  }
}

/** What `PutJobSuccessResult` says. */
export function success(input: any): Answer {
  const { continuationToken, outputVariables = {}, executionDetails } = input;
  const names = Object.keys(outputVariables);
  if (continuationToken !== undefined) {
    if (names.length > 0) throw invalid('a job that goes on has no outputVariables');
    if (typeof continuationToken !== 'string' || continuationToken.length < 1 || continuationToken.length > 2_048) {
      throw invalid('continuationToken must have 1 to 2,048 characters');
    }
    return { continuationToken, summary: executionDetails?.summary, percent: executionDetails?.percentComplete };
  }
  const wrong = names.find((name) => !/^[A-Za-z0-9@\-_]+$/.test(name) || typeof outputVariables[name] !== 'string');
  if (wrong !== undefined) throw invalid(`outputVariables has ${wrong}`);
  if (Buffer.byteLength(JSON.stringify(outputVariables)) > VARIABLES) {
    throw new AwsError('OutputVariablesSizeExceededException', 'the output variables are too large');
  }
  return { status: 'Succeeded', summary: executionDetails?.summary, outputVariables };
}

/** What `PutJobFailureResult` says. */
export function failure({ failureDetails }: any): Answer {
  const { type, message } = failureDetails ?? {};
  if (typeof message !== 'string' || message.length < 1 || message.length > 5_000) {
    throw invalid('failureDetails.message must have 1 to 5,000 characters');
  }
  return { status: 'Failed', errorCode: type, summary: message };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
