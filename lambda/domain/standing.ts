/** How a request stands beside its rule, and whether it would be approved. */
import { watchedSince, type Waiting } from './request';
import { isProvenRollback, rulingOf, type Judged, type Standing } from './ruling';

export function standingOf(request: Waiting): Standing {
  const { run, shown, asking, held } = request;
  return {
    run: run.kind,
    watchedSince: watchedSince(request),
    baked: shown.bakedAt !== undefined,
    deadline: run.deadline,
    asked: asking !== undefined,
    newerRunWaiting: shown.newerRunWaiting,
    goesBack: run.onReject.kind === 'GOES_BACK',
    held: held !== undefined,
    ...(shown.proposed === undefined ? {} : { proposed: shown.proposed }),
  };
}

/** Whether all that an approval needs is there, but for an open gate. */
export function awaitsOpening(request: Waiting, judged: Judged, now: string): boolean {
  const ruling = rulingOf(judged, standingOf(request), now);
  const isHeldBack = ruling.kind === 'END' && ruling.outcome.kind === 'APPROVED' && ruling.outcome.by !== 'BREAK_GLASS';
  return isHeldBack && !isProvenRollback(request.run.kind);
}
