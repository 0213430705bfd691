import type { DeliverOptions, Surroundings } from './aws/surroundings';
import type { Queues } from './aws/queues';
import type { Topics } from './aws/topics';
import { invokeLater } from './functions/lambda-service';
import type { FunctionPool } from './functions/pool';
import type { Guard } from './iam/guard';
import { AwsError } from './service';

export interface Receivers {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly pool: FunctionPool;
  readonly guard: Pick<Guard, 'check' | 'letsIn'>;
}

/** Hands an event to a target as AWS's own services do: by the target's ARN. */
export function deliverTo(
  around: Surroundings,
  { queues, topics, pool, guard }: Receivers,
  targetArn: string,
  payload: string,
  options: DeliverOptions,
): void {
  const service = targetArn.split(':')[2] ?? '';
  const byRole = (name: string, operation: string, input: object): void => {
    const caller = around.caller(options.roleArn ?? `arn:aws:iam::${around.account}:role/aws-service`);
    around.dispatcher.call(name, operation, input, caller).catch((error: unknown) => {
      around.tell('event', `${targetArn} did not take an event: ${String(error)}`, 'error');
    });
  };
  const targets: Record<string, () => void> = {
    sqs: () => void queues.send(targetArn, payload),
    sns: () => void topics.publish({ TopicArn: targetArn, Message: payload, Subject: options.subject }),
    lambda: () => invokeLater(around, pool, targetArn, JSON.parse(payload)),
    states: () => byRole('sfn', 'StartExecution', { stateMachineArn: targetArn, input: payload }),
    codepipeline: () => byRole('codepipeline', 'StartPipelineExecution', { name: targetArn.split(':').pop() }),
  };
  if (!isAllowed(around, guard, service, targetArn, options)) {
    return;
  }
  const hand = targets[service];
  if (hand === undefined) {
    around.tell('event', `an event for ${targetArn} went nowhere`, 'warning');
  } else {
    hand();
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  sns: 'sns:Publish',
  sqs: 'sqs:SendMessage',
};

/** What is refused is lost, as on AWS; the journal tells of it. */
function isAllowed(
  around: Pick<Surroundings, 'tell'>,
  guard: Receivers['guard'],
  service: string,
  targetArn: string,
  { from, as }: DeliverOptions,
): boolean {
  const action = ACTIONS[service];
  if (action === undefined) {
    return true;
  }
  try {
    if (as !== undefined) guard.check(service, { action, resources: [targetArn] }, as);
    return from === undefined || guard.letsIn(from.service, from.arn, action, targetArn);
  } catch (error) {
    // The guard tells its own refusals; anything else, such as a condition that cannot be read here, is told now.
    if (!(error instanceof AwsError)) around.tell('iam', `${action} on ${targetArn}: ${String(error)}`, 'error');
    return false;
  }
}
