import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';

/** A run holds 25,000 events; a turn takes 9 and, when it fails, up to 33. */
const TURNS = 1500;

export interface AlarmClockProps {
  readonly decide: lambda.IFunction;
  readonly logRetention: logs.RetentionDays;
}

/**
 * One run per request: sleeps, lets `decide` look, sleeps until it wants to look again. Its input and history hold ids only.
 * A failing look is tried 8 times within minutes, then every 15 minutes, until it works.
 */
export class AlarmClock extends Construct {
  public readonly stateMachine: stepfunctions.IStateMachine;
  public readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: AlarmClockProps) {
    super(scope, id);
    const role = this.role(props.decide);
    const machine = new stepfunctions.CfnStateMachine(this, 'StateMachine', {
      roleArn: role.roleArn,
      stateMachineType: 'STANDARD',
      definitionString: Stack.of(this).toJsonString(this.definition(props.decide)),
      loggingConfiguration: {
        // Without data: the log says which run is in which state.
        includeExecutionData: false,
        level: 'ALL',
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: this.logGroup(props.logRetention).logGroupArn } }],
      },
    });
    machine.node.addDependency(role);
    acknowledge(machine, 'AwsSolutions-SF2', 'every run is logged; traces would be paid for and say nothing more');
    this.stateMachineArn = machine.ref;
    this.stateMachine = stepfunctions.StateMachine.fromStateMachineArn(this, 'Imported', machine.ref);
    // Beside the role, not below it: the machine waits for the role, and this policy waits for the machine.
    new iam.Policy(this, 'SuccessorPolicy', {
      roles: [role],
      statements: [new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.ref] })],
    });
  }

  private logGroup(retention: logs.RetentionDays): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      // Ordinary groups exhaust the size of the one resource policy that CloudWatch Logs keeps for state machines.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private role(decide: lambda.IFunction): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: 'Lets the alarm clock of approval requests call decide, and start its successor',
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [decide.functionArn] }));
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'DeliverLogs',
        actions: [
          'logs:CreateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:DescribeLogGroups',
          'logs:DescribeResourcePolicies',
          'logs:GetLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:UpdateLogDelivery',
        ],
        // These actions know no resources (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html).
        resources: ['*'],
      }),
    );
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'log delivery actions of CloudWatch Logs know no resources');
    return role;
  }

  private definition(decide: lambda.IFunction): object {
    const service = (name: string) => `arn:${Stack.of(this).partition}:states:::${name}`;
    return {
      Comment: 'Alarm clock of one approval request',
      StartAt: 'Wait',
      States: {
        Wait: { Type: 'Wait', TimestampPath: '$.at', Next: 'Decide' },
        Decide: {
          Type: 'Task',
          Resource: service('lambda:invoke'),
          Parameters: {
            FunctionName: decide.functionArn,
            Payload: { kind: 'look', 'now.$': '$$.State.EnteredTime', 'look.$': '$.look' },
          },
          ResultSelector: { 'payload.$': '$.Payload' },
          ResultPath: '$.answer',
          Retry: [
            {
              ErrorEquals: ['States.ALL'],
              IntervalSeconds: 2,
              MaxAttempts: 8,
              BackoffRate: 2,
              MaxDelaySeconds: 60,
              JitterStrategy: 'FULL',
            },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Pause' }],
          Next: 'Done?',
        },
        'Done?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.answer.payload.done', BooleanEquals: true, Next: 'Finished' }],
          Default: 'Count',
        },
        Count: {
          Type: 'Pass',
          Parameters: {
            'at.$': '$.answer.payload.next',
            'look.$': '$.answer.payload.look',
            'turns.$': 'States.MathAdd($.turns, 1)',
          },
          Next: 'Enough?',
        },
        Pause: { Type: 'Wait', Seconds: 900, Next: 'Count failure' },
        'Count failure': {
          Type: 'Pass',
          Parameters: {
            'at.$': '$$.State.EnteredTime',
            'look.$': '$.look',
            'turns.$': 'States.MathAdd($.turns, 1)',
          },
          Next: 'Enough?',
        },
        'Enough?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.turns', NumericGreaterThanEquals: TURNS, Next: 'Start successor' }],
          Default: 'Wait',
        },
        'Start successor': {
          Type: 'Task',
          Resource: service('states:startExecution'),
          Parameters: {
            'StateMachineArn.$': '$$.StateMachine.Id',
            // The same name on every try, so that a request has one successor.
            'Name.$': "States.Hash($$.Execution.Name, 'SHA-256')",
            Input: { 'at.$': '$.at', 'look.$': '$.look', turns: 0 },
          },
          Retry: [
            {
              ErrorEquals: ['States.TaskFailed'],
              IntervalSeconds: 5,
              MaxAttempts: 8,
              BackoffRate: 2,
              MaxDelaySeconds: 300,
              JitterStrategy: 'FULL',
            },
          ],
          Catch: [{ ErrorEquals: ['StepFunctions.ExecutionAlreadyExistsException'], Next: 'Finished' }],
          Next: 'Finished',
        },
        Finished: { Type: 'Succeed' },
      },
    };
  }
}
