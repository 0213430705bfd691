/** Bugs that are planted, each as somebody might write it: the exploration has to find every one of them. */
import { InvalidJobStateException } from '@aws-sdk/client-codepipeline';
import type { Invariant } from '../violation';
import type { Call, Outside } from './functions';
import { HOUR, type Budget } from './world';

export interface PlantedBug {
  readonly name: string;
  readonly plant: (outside: Outside) => Outside;
  readonly configuration: string;
  readonly budget: Partial<Budget>;
  readonly breaks: Invariant;
}

type Ask = (call: Call) => Promise<any>;

/** Stands between the function and AWS. */
function between(change: (ask: Ask, call: Call) => Promise<unknown>): (outside: Outside) => Outside {
  return (outside) => {
    const ask: Ask = outside.ask.bind(outside);
    return {
      get now() {
        return outside.now;
      },
      set now(time) {
        outside.now = time;
      },
      ask: (call) => change(ask, call),
    };
  };
}

/** Another call in the place of those with this name. */
function instead(name: string, change: (call: Call, ask: Ask) => Promise<unknown>): (outside: Outside) => Outside {
  return between((ask, call) => (call.name === name ? change(call, ask) : ask(call)));
}

/** The answers of these calls, as if they said something else. */
function told(name: string, change: (answer: any, call: Call) => unknown): (outside: Outside) => Outside {
  return instead(name, async (call, ask) => change(await ask(call), call));
}

const isRemoval = ({ input }: Call): boolean => input['patchOperations'][0].op === 'remove';
const isCopy = ({ input }: Call): boolean => input['patchOperations'][0].op === 'copy';
const LONG_AGO = new Date(0);
const green = { MetricAlarms: [{ AlarmName: 'x', StateValue: 'OK', StateTransitionedTimestamp: LONG_AGO }] };

const madeAnHourEarlier = ({ createdDate, ...answer }: any): unknown => ({
  ...answer,
  createdDate: new Date(createdDate.getTime() - HOUR),
});

/** What CodePipeline says of a run, as if it went on. */
const goesOn = ({ pipelineExecution }: any): unknown => ({
  pipelineExecution: { ...pipelineExecution, status: 'InProgress' },
});

/** What CodePipeline says of the stage, as if the action of whoever asks were in progress. */
const isUnderWay = ({ stageStates: [stage] }: any, run: string): unknown => ({
  stageStates: [
    {
      ...stage,
      latestExecution: { pipelineExecutionId: run, status: 'InProgress' },
      actionStates: [{ actionName: 'Release', latestExecution: { status: 'InProgress' } }],
    },
  ],
});

/** The first answer within each invocation: before something moves, and not behind it. */
function toldFirst(name: string, change: (answer: any) => unknown): (outside: Outside) => Outside {
  return (outside) => {
    let isFirst = true;
    return told(name, (answer) => {
      const is = isFirst;
      isFirst = false;
      return is ? change(answer) : answer;
    })(outside);
  };
}

/** Whatever CodePipeline says, a job that begins hears that its run goes on, and that it is its action. Only such a job asks for its run first. */
const beginsAnyhow = (outside: Outside): Outside => {
  let run: string | undefined;
  const asked = instead('GetPipelineExecution', async (call, ask) => {
    const isFirst = run === undefined;
    run ??= call.input['pipelineExecutionId'] as string;
    const answer = await ask(call);
    return isFirst ? goesOn(answer) : answer;
  });
  const state = toldFirst('GetPipelineState', (answer) => (run === undefined ? answer : isUnderWay(answer, run)));
  return state(asked(outside));
};

function withShare(change: (percent: number) => number): (outside: Outside) => Outside {
  return instead('UpdateStage', (call, ask) => {
    const patchOperations = call.input['patchOperations'].map((one: { path: string; value: string }) =>
      one.path.endsWith('percentTraffic') ? { ...one, value: String(change(Number(one.value))) } : one,
    );
    return ask({ ...call, input: { ...call.input, patchOperations } });
  });
}

export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'an alarm that cannot be read counts as green',
    plant: instead('DescribeAlarms', (call, ask) => ask(call).catch(() => green)),
    configuration: 'a canary',
    budget: { faults: 1 },
    breaks: 'all requests move only after a whole bake without a red minute, as it was measured',
  },
  {
    name: 'an alarm without data counts as green',
    plant: told('DescribeAlarms', () => green),
    configuration: 'a canary',
    budget: { turns: 1 },
    breaks: 'all requests move only after a whole bake without a red minute, as it was measured',
  },
  {
    name: 'what an alarm was between two looks is not read',
    plant: told('DescribeAlarms', ({ MetricAlarms: [{ AlarmName, StateValue }] }) => ({
      MetricAlarms: [{ AlarmName, StateValue, StateTransitionedTimestamp: LONG_AGO }],
    })),
    configuration: 'a canary',
    budget: { turns: 2 },
    breaks: 'all requests move only after a whole bake without a red minute, as it was measured',
  },
  {
    name: 'a run that is over promotes',
    plant: toldFirst('GetPipelineState', (answer) => isUnderWay(answer, 'run-1')),
    configuration: 'the run is stopped, and answers are taken nevertheless',
    budget: { stops: 1 },
    breaks: 'all requests move only after a whole bake without a red minute, as it was measured',
  },
  {
    name: 'the canary of somebody else is promoted with the stage as it is',
    plant: told('UpdateStage', (answer, call) => (isCopy(call) ? { ...answer, deploymentId: 'd1' } : answer)),
    configuration: 'somebody changes the stage',
    budget: { people: 1 },
    breaks: 'all requests move only after a whole bake without a red minute, as it was measured',
  },
  {
    name: 'a promotion is not made',
    plant: instead('UpdateStage', (call, ask) => (isCopy(call) ? Promise.resolve({ deploymentId: 'd1' }) : ask(call))),
    configuration: 'a canary',
    budget: {},
    breaks: 'everything ends',
  },
  {
    name: 'a canary is never removed',
    plant: instead('UpdateStage', (call, ask) => (isRemoval(call) ? Promise.resolve({}) : ask(call))),
    configuration: 'a canary',
    budget: { turns: 1 },
    breaks: 'in the end no canary of a run serves, and nothing of one that failed',
  },
  {
    name: 'requests move whether CodePipeline takes the answer or not',
    plant: instead('PutJobSuccessResult', (call, ask) => ask(call).catch(() => ({}))),
    configuration: 'a canary',
    budget: { repeats: 1, faults: 1 },
    breaks: 'no request goes to a new version before CodePipeline has taken an answer to the job',
  },
  {
    name: 'a job that is refused after the end of its action counts as one that was answered',
    plant: between((ask, call) =>
      call.name === 'PutJobSuccessResult'
        ? ask(call).catch((error: unknown) => {
            if (!(error instanceof InvalidJobStateException)) {
              throw error;
            }
          })
        : ask(call),
    ),
    configuration: 'the run is stopped',
    budget: { stops: 1 },
    breaks: 'no request goes to a new version before CodePipeline has taken an answer to the job',
  },
  {
    name: 'the canary gets half as much again',
    plant: withShare((percent) => Math.ceil(percent * 1.5)),
    configuration: 'a linear shift',
    budget: {},
    breaks: 'never a larger share than the shift says',
  },
  {
    name: 'the second step is smaller than the first',
    plant: withShare((percent) => (percent === 50 ? 20 : percent)),
    configuration: 'a linear shift',
    budget: {},
    breaks: 'a share grows, or ends',
  },
  {
    name: 'a job that comes late begins over the canary of a newer run',
    plant: beginsAnyhow,
    configuration: 'a newer run',
    budget: { runs: 1, delays: 1, stops: 1 },
    breaks: 'nobody loses a canary to a run that is over, and no person to any',
  },
  {
    name: 'an event takes the canary of a later attempt',
    plant: told('GetDeployment', madeAnHourEarlier),
    configuration: 'the action is tried again',
    budget: { retries: 1, turns: 2, delays: 1 },
    breaks: 'nobody loses a canary to a run that is over, and no person to any',
  },
  {
    name: 'a check passes that nobody could measure',
    plant: instead('DescribeAlarms', (call, ask) => ask(call).catch(() => green)),
    configuration: 'a check as an action',
    budget: { faults: 1 },
    breaks: 'a check passes only after its whole bake without a red minute, as it was measured',
  },
  {
    name: 'a hook that cannot measure reports success',
    plant: instead('PutLifecycleEventHookExecutionStatus', (call, ask) =>
      ask({ ...call, input: { ...call.input, status: 'Succeeded' } }),
    ),
    configuration: 'a hook of CodeDeploy',
    budget: { turns: 1 },
    breaks: 'a deployment goes on only after green measurements',
  },
  {
    name: 'an answer that is refused is no error',
    plant: instead('PutJobSuccessResult', (call, ask) => ask(call).catch(() => ({}))),
    configuration: 'a check as an action',
    budget: { faults: 1 },
    breaks: 'whoever takes a job answers it',
  },
  {
    name: 'a report that fails is no error',
    plant: instead('PutLifecycleEventHookExecutionStatus', (call, ask) => ask(call).catch(() => ({}))),
    configuration: 'a hook of CodeDeploy',
    budget: { faults: 1 },
    breaks: 'whoever takes a job answers it',
  },
  {
    name: 'a failed call is logged with what was sent',
    plant: between((ask, call) =>
      ask(call).catch((error: Error) => {
        throw Object.assign(error, { name: JSON.stringify(call.input) });
      }),
    ),
    configuration: 'a canary',
    budget: { faults: 1 },
    breaks: 'no secret in a log line',
  },
  {
    name: 'the alarm is always about to be read',
    plant: told('DescribeAlarms', ({ MetricAlarms: [one] }) => ({
      MetricAlarms: [{ ...one, StateTransitionedTimestamp: new Date(Date.now()) }],
    })),
    configuration: 'a check as an action',
    budget: {},
    breaks: 'everything ends',
  },
];
