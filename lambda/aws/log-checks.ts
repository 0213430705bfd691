import type { CheckPlan } from '../../contract/checks';
import { log } from './log';
import type { CheckState } from '../domain/request';

/** Says in the log what each check of a hook has come to. */
export function tellChecks(states: readonly CheckState[], checks: readonly CheckPlan[], requestId: string): void {
  for (const { id, verdict, observeOnly, reason } of states) {
    const level = verdict === 'PASS' || observeOnly ? 'INFO' : 'ERROR';
    const kind = checks.find((check) => check.id === id)?.kind;
    log(level, `check ${verdict === 'PASS' ? 'passed' : 'did not pass'}: ${verdict}`, {
      requestId,
      checkId: id,
      // What a function answered stays in that function's log.
      ...(kind === 'lambda' ? {} : { reason }),
    });
  }
}
