import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { TimerInput } from '../../contract/messages';

export function stepFunctions(): SFNClient {
  return new SFNClient({});
}

/** Starts a timer run. One of the same name is there already when the same message is brought again. */
export async function startTimer(
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: TimerInput,
): Promise<void> {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) {
      throw error;
    }
  }
}
