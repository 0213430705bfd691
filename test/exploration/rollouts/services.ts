/** What API Gateway, CloudWatch, CodePipeline and CodeDeploy do and answer, on a world that is a value. */
import { BadRequestException, NotFoundException, type PatchOperation } from '@aws-sdk/client-api-gateway';
import { LifecycleEventAlreadyCompletedException } from '@aws-sdk/client-codedeploy';
import { InvalidJobStateException, JobNotFoundException } from '@aws-sdk/client-codepipeline';
import { releaseOf } from '../../../contract/stage-shift';
import type { Call } from './functions';
import {
  AGAIN,
  alarmAt,
  at,
  currentOf,
  ended,
  lastOf,
  SECOND,
  withAttempt,
  withJob,
  withStage,
  type Attempt,
  type Stage,
  type World,
} from './world';

/** Where AWS does not say what it does, everything that it may do is tried. */
export interface Manners {
  /** Removing a canary that is not there. */
  readonly removesNothing: 'refused' | 'done';
  /** An answer for a job whose action has ended. */
  readonly endedJob: 'InvalidJobState' | 'JobNotFound' | 'taken';
}

export interface Performed {
  readonly world: World;
  readonly value?: unknown;
  readonly error?: Error;
}

const SAID = { message: 'no', $metadata: {} } as const;

export class Interrupted extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

export function perform(world: World, { name, input }: Call, manners: Manners): Performed {
  switch (name) {
    case 'GetStage':
      return { world, value: stageOf(world) };
    case 'GetDeployment':
      return deployment(world, input['deploymentId'] as string);
    case 'CreateDeployment':
      return made(world, input['description'] as string);
    case 'UpdateStage':
      return updated(world, input['patchOperations'] as readonly PatchOperation[], manners);
    case 'GetPipelineExecution':
      return { world, value: execution(world, input['pipelineExecutionId'] as string) };
    case 'GetPipelineState':
      return { world, value: state(world) };
    case 'PutJobSuccessResult':
      return answered(world, input, manners, (attempt) =>
        succeeded(world, attempt, input['continuationToken'] as string),
      );
    case 'PutJobFailureResult':
      return answered(world, input, manners, (attempt) => ended(world, attempt, 'FAILED', true));
    case 'DescribeAlarms':
      return { world, value: alarm(world) };
    case 'DescribeAlarmHistory':
      return { world, value: history(world, input['StartDate'] as Date) };
    case 'Sleep':
      return { world: at(world, world.clock + (input['seconds'] as number) * SECOND) };
    case 'PutLifecycleEventHookExecutionStatus':
      return reported(world, input['status'] as string);
    default:
      throw new Error(`nobody here does ${name}`);
  }
}

function stageOf({ stage: { production, canary } }: World): object {
  return {
    deploymentId: production,
    ...(canary === undefined ? {} : { canarySettings: { deploymentId: canary.id, percentTraffic: canary.percent } }),
  };
}

function deployment(world: World, id: string): Performed {
  const found = world.deployments.find((one) => one.id === id);
  if (found === undefined) {
    return { world, error: new NotFoundException(SAID) };
  }
  const description = found.run === undefined ? 'The first version of this API' : releaseOf(found.run);
  return { world, value: { id, description, createdDate: new Date(Math.floor(found.at / SECOND) * SECOND) } };
}

function made(world: World, description: string): Performed {
  const id = `d${world.deployments.length}`;
  const run = description.slice(releaseOf('').length);
  return {
    world: { ...world, deployments: [...world.deployments, { id, run, at: world.clock }] },
    value: { id, description },
  };
}

function updated(world: World, operations: readonly PatchOperation[], manners: Manners): Performed {
  let { stage }: { stage: Stage | undefined } = world;
  for (const operation of operations) {
    stage = stage === undefined ? undefined : patched(stage, operation, manners);
  }
  if (stage === undefined) {
    return { world, error: new BadRequestException(SAID) };
  }
  const next = withStage(world, stage);
  return { world: next, value: stageOf(next) };
}

/** Undefined where API Gateway refuses. */
function patched(stage: Stage, { op, path = '', value = '' }: PatchOperation, manners: Manners): Stage | undefined {
  const { production } = stage;
  const canary = stage.canary ?? { id: production, percent: 0 };
  switch (`${op} ${path}`) {
    case 'replace /deploymentId':
      return { ...stage, production: value };
    case 'copy /deploymentId':
      return stage.canary === undefined ? undefined : { ...stage, production: canary.id };
    case 'replace /canarySettings/deploymentId':
      return { production, canary: { ...canary, id: value } };
    case 'replace /canarySettings/percentTraffic':
      return { production, canary: { ...canary, percent: Number(value) } };
    case 'remove /canarySettings':
      return stage.canary === undefined && manners.removesNothing === 'refused' ? undefined : { production };
    default:
      throw new Error(`nobody here knows ${op} of ${path}`);
  }
}

const STATUS = {
  IN_PROGRESS: 'InProgress',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  ABANDONED: 'Stopped',
  TIMED_OUT: 'Failed',
} as const;

function execution(world: World, run: string): object {
  const attempt = lastOf(world, run);
  const pipelineExecution =
    attempt === undefined ? undefined : { executionType: attempt.kind, status: STATUS[attempt.status] };
  return { pipelineExecution };
}

/** The stage of the pipeline has one run at a time. */
function state(world: World): object {
  const { run, status } = currentOf(world) ?? { run: undefined, status: 'FAILED' as const };
  const action = status === 'ABANDONED' ? 'Abandoned' : STATUS[status];
  return {
    stageStates: [
      {
        stageName: 'Prod',
        latestExecution: { pipelineExecutionId: run, status: STATUS[status] },
        actionStates: [{ actionName: 'Release', latestExecution: { status: action } }],
      },
    ],
  };
}

function answered(
  world: World,
  { jobId }: Call['input'],
  manners: Manners,
  then: (attempt: Attempt) => World,
): Performed {
  const attempt = world.attempts.find(({ open }) => open?.id === jobId);
  const late = lateAttempt(world, jobId as string);
  if (attempt === undefined && late !== undefined && manners.endedJob === 'taken') {
    const taken = { ...late, answered: [...late.answered, jobId as string] };
    return { world: { ...world, attempts: world.attempts.map((one) => (one === late ? taken : one)) }, value: {} };
  }
  if (attempt === undefined) {
    const Refusal = manners.endedJob !== 'JobNotFound' ? InvalidJobStateException : JobNotFoundException;
    // A job of an action that goes on is known.
    const isKnown = world.attempts.some(
      ({ status, answered: jobs }) => status === 'IN_PROGRESS' && jobs.includes(jobId),
    );
    return { world, error: isKnown ? new InvalidJobStateException(SAID) : new Refusal(SAID) };
  }
  const { open: _, ...others } = attempt;
  return { world: then({ ...others, answered: [...attempt.answered, jobId as string] }), value: {} };
}

/** The attempt of a job that nobody had answered when it ended. */
function lateAttempt({ attempts }: World, jobId: string): Attempt | undefined {
  const [, number = 0, job = 0] = /^job-(\d+)-(\d+)$/.exec(jobId)?.map(Number) ?? [];
  const attempt = attempts[number - 1];
  const isLate = attempt?.status !== 'IN_PROGRESS' && job <= (attempt?.jobs ?? 0) && !attempt?.answered.includes(jobId);
  return isLate ? attempt : undefined;
}

function succeeded(world: World, attempt: Attempt, token: string | undefined): World {
  return token === undefined
    ? ended(world, attempt, 'SUCCEEDED', true)
    : withJob(withAttempt(world, attempt), attempt, token, world.clock + AGAIN);
}

function alarm(world: World): object {
  const last = world.turned.at(-1);
  const StateTransitionedTimestamp = last === undefined ? undefined : new Date(last.at);
  return { MetricAlarms: [{ AlarmName: 'x', StateValue: alarmAt(world, world.clock), StateTransitionedTimestamp }] };
}

function history({ turned }: World, start: Date): object {
  const items = turned.map(({ at: time, to }, index) => ({
    Timestamp: new Date(time),
    HistoryData: JSON.stringify({
      oldState: { stateValue: turned[index - 1]?.to ?? 'OK' },
      newState: { stateValue: to },
    }),
  }));
  return { AlarmHistoryItems: items.filter(({ Timestamp }) => Timestamp.getTime() >= start.getTime()) };
}

function reported(world: World, status: string): Performed {
  const { lifecycle } = world;
  if (lifecycle?.status !== 'IN_PROGRESS') {
    return { world, error: new LifecycleEventAlreadyCompletedException(SAID) };
  }
  const now = status === 'Succeeded' ? ('SUCCEEDED' as const) : ('FAILED' as const);
  return { world: { ...world, lifecycle: { ...lifecycle, status: now } }, value: {} };
}

const WRITES = [
  'UpdateStage',
  'PutJobSuccessResult',
  'PutJobFailureResult',
  'PutLifecycleEventHookExecutionStatus',
] as const;

export function isWrite({ name }: Call): boolean {
  return (WRITES as readonly string[]).includes(name);
}

/** Calls that no other process can see or change are made together with the one before. */
export function isPoint({ name }: Call): boolean {
  return !['GetDeployment', 'CreateDeployment', 'DescribeAlarmHistory'].includes(name);
}

export function wordsOf({ name, input }: Call): string {
  switch (name) {
    case 'UpdateStage':
      return `UpdateStage ${(input['patchOperations'] as readonly PatchOperation[])
        .map(({ op, path, value }) => [op, path, value].filter((word) => word !== undefined).join(' '))
        .join(', ')}`;
    case 'PutJobSuccessResult':
      return `PutJobSuccessResult${input['continuationToken'] === undefined ? '' : ' with a token'}: ${String(input['executionDetails']?.summary)}`;
    case 'PutJobFailureResult':
      return `PutJobFailureResult: ${String(input['failureDetails']?.message)}`;
    case 'PutLifecycleEventHookExecutionStatus':
      return `the hook reports ${String(input['status'])}`;
    case 'Sleep':
      return `sleeps for ${String(input['seconds'])} s`;
    default:
      return name;
  }
}
