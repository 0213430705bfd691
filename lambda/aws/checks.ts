import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { errorName } from './log';

const VERDICTS: readonly string[] = ['PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR', 'IN_PROGRESS'];

/** Runs one check in the check function. Whatever goes wrong is a measurement too: an error. */
export class Checks {
  constructor(
    private readonly client: LambdaClient,
    private readonly functionName: string,
  ) {}

  async measure(command: CheckCommand): Promise<Measurement> {
    try {
      const { FunctionError, Payload } = await this.client.send(
        new InvokeCommand({ FunctionName: this.functionName, Payload: Buffer.from(JSON.stringify(command)) }),
      );
      if (FunctionError !== undefined || Payload === undefined) {
        return failure(command, 'the check function failed');
      }
      return understood(command, JSON.parse(Buffer.from(Payload).toString('utf8')));
    } catch (error) {
      return failure(command, `the check function could not be asked (${errorName(error)})`);
    }
  }
}

function understood(command: CheckCommand, reply: unknown): Measurement {
  const measured = reply as Partial<Measurement> | null;
  const known = measured?.checkId === command.check.id && VERDICTS.includes(measured.verdict ?? '');
  if (measured === null || !known || typeof measured.reason !== 'string') {
    return failure(command, 'the check function gave an answer that cannot be understood');
  }
  return { ...(measured as Measurement), at: command.now, reason: measured.reason.slice(0, 300) };
}

function failure({ check, now }: CheckCommand, reason: string): Measurement {
  return { checkId: check.id, at: now, verdict: 'ERROR', reason };
}
