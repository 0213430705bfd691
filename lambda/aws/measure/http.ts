/** An address that answers GET. The check function asks, or a probe in a network of the user's does. */
import type { HttpCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import type { MeasureClients } from './clients';
import { askHttp } from './http-answer';
import { probed } from './http-probe';
import { secretHeadersOf, UnusableSecret } from './http-secrets';
import type { Finding } from './measure';

export async function measureHttp(
  plan: HttpCheckPlan,
  _command: CheckCommand,
  clients: MeasureClients,
): Promise<Finding> {
  try {
    const headers = await secretHeadersOf(plan, clients);
    return plan.probe === undefined
      ? await askHttp(plan, headers, clients.get)
      : await probed(plan.probe, { kind: 'http-probe', plan, headers }, clients);
  } catch (error) {
    if (error instanceof UnusableSecret) {
      return { verdict: 'ERROR', reason: error.message };
    }
    throw error;
  }
}
