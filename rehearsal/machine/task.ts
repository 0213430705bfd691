import type { Dispatcher } from '../aws/dispatcher';
import { AwsError, type Caller } from '../service';
import { StateError } from './data-flow';

/** Optimized integrations: which local service they reach, and how their errors are called. */
const OPTIMIZED: Record<string, { readonly service: string; readonly prefix: string }> = {
  dynamodb: { service: 'dynamodb', prefix: 'DynamoDB' },
  events: { service: 'eventbridge', prefix: 'EventBridge' },
  sns: { service: 'sns', prefix: 'SNS' },
  sqs: { service: 'sqs', prefix: 'SQS' },
  states: { service: 'sfn', prefix: 'StepFunctions' },
};

/** Performs a Task state's resource with its effective input. */
export async function performTask(
  dispatcher: Dispatcher,
  resource: string,
  input: any,
  caller: Caller,
): Promise<unknown> {
  if (/^arn:aws:lambda:/.test(resource)) {
    return (await invoke(dispatcher, { FunctionName: resource, Payload: input }, caller)).Payload;
  }
  const [, service = '', action = ''] = /^arn:aws:states:::(aws-sdk:\w+|\w+):(\w+)$/.exec(resource) ?? [];
  if (service === 'lambda' && action === 'invoke') {
    return invoke(dispatcher, input, caller);
  }
  const operation = capitalize(action);
  const own = service.startsWith('aws-sdk:') ? service.slice(8) : undefined;
  const target = own === undefined ? OPTIMIZED[service] : { service: own, prefix: capitalize(own) };
  if (target === undefined) {
    throw new StateError('States.Runtime', `the rehearsal cannot perform ${resource}`);
  }
  try {
    return jsonOf(await dispatcher.call(target.service, operation, input, caller));
  } catch (error) {
    throw errorOf(error, target.prefix);
  }
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

async function invoke(dispatcher: Dispatcher, input: any, caller: Caller): Promise<{ readonly Payload: unknown }> {
  let answer: any;
  try {
    answer = await dispatcher.call('lambda', 'Invoke', { ...input, Payload: input.Payload ?? {} }, caller);
  } catch (error) {
    throw errorOf(error, 'Lambda');
  }
  if (answer.functionError !== undefined) {
    throw new StateError(String(answer.payload?.errorType ?? 'Lambda.Unknown'), JSON.stringify(answer.payload ?? {}));
  }
  const result = { ExecutedVersion: answer.executedVersion, Payload: answer.payload, StatusCode: answer.statusCode };
  return jsonOf(result) as { readonly Payload: unknown };
}

function errorOf(error: unknown, prefix: string): StateError {
  if (error instanceof AwsError) {
    const suffix = /(Exception|Error)$/.test(error.code) || prefix !== 'StepFunctions' ? '' : 'Exception';
    return new StateError(`${prefix}.${error.code}${suffix}`, error.message);
  }
  return error instanceof StateError ? error : new StateError('States.TaskFailed', String(error));
}

/** As it stands in a state's output. */
function jsonOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
