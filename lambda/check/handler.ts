/** Measures one check for `decide`, reading as the role of the gate's stack, or as a reader in another account. */
import { STSClient } from '@aws-sdk/client-sts';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { log } from '../aws/log';
import { measure } from '../aws/measure/measure';
import type { MeasureClients } from '../aws/measure/clients';
import { assumedClients } from '../aws/measure/clients';
import { readerClients } from '../aws/measure/reader';
import { Sessions } from '../aws/sessions';

const sessions = new Sessions(new STSClient({}));

export async function handler(command: CheckCommand): Promise<Measurement> {
  const measurement = await measure(command, clientsFor(command));
  log('INFO', `check measured: ${measurement.verdict}`, { requestId: command.requestId, checkId: command.check.id });
  return measurement;
}

function clientsFor({ role, requestId, check: { reader } }: CheckCommand): MeasureClients {
  return reader === undefined
    ? assumedClients(role, requestId, sessions)
    : readerClients(reader, role, requestId, sessions);
}
