import { randomUUID } from 'node:crypto';
import { StateError } from '../machine/data-flow';
import { runStates, Stopped, type Usage } from '../machine/run';
import { performTask } from '../machine/task';
import { AwsError, type Caller, type Service } from '../service';
import type { Resource } from '../template/model';
import type { Surroundings } from './surroundings';

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly input: string;
  readonly startedAt: number;
  /** States in the order they were entered, with their input. Of a long run, its beginning and its end. */
  readonly history: { readonly at: string; readonly state: string; readonly input: string }[];
  readonly usage: Usage;
  /** How often each state was entered. */
  readonly entered: Record<string, number>;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  stoppedAt?: number;
  output?: string;
  error?: string;
  cause?: string;
}

/** A history is cut when it has so many entries: the first and the last ones stay. */
const LONG_HISTORY = 1_000;
const KEPT_FIRST = 100;

/** Every run starts and ends: two events of its history. */
const STARTED_AND_ENDED = 2;

/** Step Functions: standard machines, run by their definition on virtual time. */
export class StateMachines {
  private readonly runs = new Map<string, Execution>();

  constructor(private readonly around: Surroundings) {}

  get executions(): readonly Execution[] {
    return [...this.runs.values()];
  }

  /** Of all runs together. */
  get transitions(): number {
    return this.executions.reduce((sum, { usage }) => sum + usage.transitions, 0);
  }

  start(stateMachineArn: string, input = '{}', name: string = randomUUID()): Execution {
    const machine = this.machine(stateMachineArn);
    if (!/^[\w.-]{1,80}$/.test(name)) {
      throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    }
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const earlier = this.runs.get(arn);
    if (earlier !== undefined) {
      if (earlier.status === 'RUNNING' && earlier.input === input) {
        return earlier;
      }
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution: Execution = {
      arn,
      name,
      stateMachineArn,
      input,
      startedAt: this.around.clock.now(),
      history: [],
      usage: { events: STARTED_AND_ENDED, transitions: 0 },
      entered: {},
      status: 'RUNNING',
    };
    this.runs.set(arn, execution);
    this.around.clock.schedule(this.around.clock.now(), `start ${name}`, () => {
      void this.run(machine, execution);
    });
    return execution;
  }

  service(): Service {
    const runArn = (input: { executionArn: string }): string[] => [input.executionArn];
    const started = ({ startedAt, stoppedAt }: Execution): object => ({
      startDate: new Date(startedAt),
      ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
    });
    return {
      name: 'sfn',
      signingName: 'states',
      operations: {
        StartExecution: (raw) => {
          const { stateMachineArn, input, name } = lowerCased(raw);
          const text = input === undefined || typeof input === 'string' ? input : JSON.stringify(input);
          const execution = this.start(stateMachineArn, text, name);
          return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
        },
        DescribeExecution: ({ executionArn }) => {
          const run = this.execution(executionArn);
          const { arn, name, stateMachineArn, status, input, output, error, cause } = run;
          return { executionArn: arn, name, stateMachineArn, status, input, output, error, cause, ...started(run) };
        },
        StopExecution: ({ executionArn, error, cause }) => {
          const run = this.execution(executionArn);
          if (run.status === 'RUNNING') {
            Object.assign(run, { status: 'ABORTED', stoppedAt: this.around.clock.now(), error, cause });
          }
          return { stopDate: new Date(run.stoppedAt ?? run.startedAt) };
        },
        ListExecutions: ({ stateMachineArn, statusFilter }) => ({
          executions: this.executions
            .filter((run) => run.stateMachineArn === stateMachineArn)
            .filter((run) => statusFilter === undefined || run.status === statusFilter)
            .map((run) => ({
              executionArn: run.arn,
              name: run.name,
              stateMachineArn,
              status: run.status,
              ...started(run),
            })),
        }),
      },
      authorize: {
        StartExecution: (raw) => ({
          action: 'states:StartExecution',
          resources: [lowerCased(raw).stateMachineArn as string],
        }),
        ListExecutions: ({ stateMachineArn }) => ({ action: 'states:ListExecutions', resources: [stateMachineArn] }),
        DescribeExecution: (input) => ({ action: 'states:DescribeExecution', resources: runArn(input) }),
        StopExecution: (input) => ({ action: 'states:StopExecution', resources: runArn(input) }),
      },
    };
  }

  private async run(machine: Resource, execution: Execution): Promise<void> {
    const { clock } = this.around;
    const caller = this.callerOf(machine, execution);
    try {
      const input = JSON.parse(execution.input) as unknown;
      const output = await runStates(definitionOf(machine), input, {
        clock,
        context: {
          Execution: {
            Id: execution.arn,
            Name: execution.name,
            Input: input,
            StartTime: new Date(execution.startedAt).toISOString(),
            RoleArn: machine.properties.RoleArn,
          },
          StateMachine: { Id: execution.stateMachineArn, Name: machine.attributes.Name },
        },
        perform: (resource, value) => performTask(this.around.dispatcher, resource, value, caller),
        stopped: () => execution.status !== 'RUNNING',
        usage: execution.usage,
        enter: (state, value) => {
          const { history, entered } = execution;
          entered[state] = (entered[state] ?? 0) + 1;
          history.push({ at: clock.iso(), state, input: JSON.stringify(value) });
          if (history.length > LONG_HISTORY) {
            history.splice(KEPT_FIRST, LONG_HISTORY / 2);
          }
        },
      });
      Object.assign(execution, { status: 'SUCCEEDED', output: JSON.stringify(output), stoppedAt: clock.now() });
    } catch (error) {
      if (error instanceof Stopped || execution.status !== 'RUNNING') {
        return;
      }
      const { code, reason } = error instanceof StateError ? error : new StateError('States.Runtime', String(error));
      Object.assign(execution, { status: 'FAILED', error: code, cause: reason, stoppedAt: clock.now() });
      this.around.tell('machine', `execution ${execution.name} failed: ${code}: ${reason}`, 'error');
    }
    this.announce(execution);
  }

  private announce({ arn, stateMachineArn, name, status }: Execution): void {
    this.around.emit({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [arn],
      detail: { executionArn: arn, stateMachineArn, name, status },
    });
  }

  private callerOf(machine: Resource, execution: Execution): Caller {
    const caller = this.around.caller(String(machine.properties.RoleArn), execution.name.slice(0, 64));
    return { ...caller, principal: machine.path?.replace(/\/Resource$/, '') ?? machine.logicalId };
  }

  private machine(arn: string): Resource {
    const found = this.around.resource(arn);
    if (found?.type !== 'AWS::StepFunctions::StateMachine') {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    }
    return found;
  }

  private execution(arn: string): Execution {
    const run = this.runs.get(arn);
    if (run === undefined) {
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    }
    return run;
  }
}

function definitionOf({ properties, physicalId }: Resource): object {
  const { DefinitionString, Definition, DefinitionSubstitutions = {} } = properties;
  let text: string = DefinitionString ?? JSON.stringify(Definition);
  for (const [name, value] of Object.entries(DefinitionSubstitutions)) {
    text = text.replaceAll(`\${${name}}`, String(value));
  }
  const definition = JSON.parse(text) as { readonly QueryLanguage?: string };
  if (definition.QueryLanguage === 'JSONata') {
    throw new StateError('States.Runtime', `${physicalId} is written in JSONata; the rehearsal runs JSONPath`);
  }
  return definition;
}

/** State machines write the members of SDK calls in upper case. */
function lowerCased(input: object): any {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value as unknown]),
  );
}
