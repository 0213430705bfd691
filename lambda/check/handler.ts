/** Measures one check for `decide`, reading as the role of the gate's stack. */
import { STSClient } from '@aws-sdk/client-sts';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { log } from '../aws/log';
import { measure } from '../aws/measure/measure';
import { assumedClients } from '../aws/measure/clients';
import { Sessions } from '../aws/sessions';

const sessions = new Sessions(new STSClient({}));

export async function handler(command: CheckCommand): Promise<Measurement> {
  const measurement = await measure(command, assumedClients(command.role, command.requestId, sessions));
  log('INFO', `check measured: ${measurement.verdict}`, { requestId: command.requestId, checkId: command.check.id });
  return measurement;
}
