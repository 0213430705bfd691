import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';
import { timerDefinition } from './timer-definition';

export interface TimerProps {
  readonly workflowName: string;
  readonly decide: lambda.IFunction;
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
}

/** ARN of a workflow's state machine, made of its name: what the machine itself depends on can name it without a cycle. */
export function timerArn(scope: IConstruct, workflowName: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName(workflowName),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function machineName(workflowName: string): string {
  return `gates-${workflowName}`;
}

/**
 * One run per request: it sleeps, lets `decide` take a turn, and sleeps until the time that `decide` answers. Its input and
 * history hold ids only.
 */
export class Timer extends Construct {
  public readonly stateMachine: stepfunctions.StateMachine;

  constructor(scope: Construct, id: string, props: TimerProps) {
    super(scope, id);
    const role = this.role(props.decide);
    this.stateMachine = new stepfunctions.StateMachine(this, 'StateMachine', {
      stateMachineName: machineName(props.workflowName),
      // As text: the CDK's own state for Lambda would be allowed to invoke every version of the function, too.
      definitionBody: stepfunctions.DefinitionBody.fromString(
        Stack.of(this).toJsonString(timerDefinition(Stack.of(this).partition, props.decide.functionArn)),
      ),
      role,
      logs: {
        destination: this.logGroup(props),
        level: stepfunctions.LogLevel.ALL,
        // The log says which run is in which state, and holds no data.
        includeExecutionData: false,
      },
    });
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'log delivery actions of CloudWatch Logs know no resources');
    acknowledge(
      this.stateMachine,
      'AwsSolutions-SF2',
      'every run is logged; traces would be paid for and say nothing more',
    );
    // Beside the role, not below it: the machine waits for the role, and this policy waits for the machine.
    new iam.Policy(this, 'RenewPolicy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          actions: ['states:StartExecution'],
          resources: [this.stateMachine.stateMachineArn],
        }),
      ],
    });
  }

  private logGroup({ logRetention, encryptionKey }: TimerProps): logs.LogGroup {
    return new logs.LogGroup(this, 'Logs', {
      // Ordinary groups exhaust the size of the one resource policy that CloudWatch Logs keeps for state machines.
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey,
    });
  }

  private role(decide: lambda.IFunction): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: 'Lets the timer of approval requests call decide, and renew its runs',
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [decide.functionArn] }));
    return role;
  }
}
