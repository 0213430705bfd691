import type { Guard } from '../iam/guard';
import type { Caller } from '../service';
import type { Resource } from '../template/model';
import { QUEUE_ACTIONS } from './queue-source';
import { STREAM_ACTIONS } from './stream-source';

const ACTIONS: Readonly<Record<string, readonly string[]>> = { dynamodb: STREAM_ACTIONS, sqs: QUEUE_ACTIONS };

/**
 * CloudFormation makes no event source mapping whose function may not read the source.
 *
 * @throws AwsError that names the first call that is not allowed
 */
export function mustBeReadable(
  guard: Pick<Guard, 'check'>,
  resources: readonly Resource[],
  callerOf: (functionName: string) => Caller,
): void {
  for (const { properties } of resources.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping')) {
    const source = String(properties.EventSourceArn);
    const service = source.split(':')[2] ?? '';
    const caller = callerOf(String(properties.FunctionName));
    for (const name of ACTIONS[service] ?? []) {
      guard.check(service, { action: `${service}:${name}`, resources: [source] }, caller);
    }
  }
}
