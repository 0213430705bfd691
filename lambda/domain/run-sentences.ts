/** Sentences about a run that page and mail share, so that both tell the same. One line each, whatever the author wrote. */
import { cleanText } from './clean-text';
import type { Known, Revision, Run } from './request';

const MESSAGE_LIMIT = 100;
const MOST_REVISIONS = 2;

/** `1c6fd0f23a5b "Show delivery dates"` */
function revisionInWords({ id, message }: Pick<Revision, 'id' | 'message'>): string {
  const short = cleanText(id, 100).slice(0, 12);
  const title = cleanText((message ?? '').split('\n', 1)[0] ?? '', MESSAGE_LIMIT);
  return title === '' ? short : `${short} "${title}"`;
}

/** That a run is a rollback, who started it, what it brings back and what it takes away. Undefined for any other run. */
export function rollbackSentence({
  kind,
  revisions,
  range,
}: Pick<Run, 'kind' | 'revisions' | 'range'>): string | undefined {
  if (kind.type !== 'ROLLBACK') {
    return undefined;
  }
  const starter = kind.automatic
    ? 'CodePipeline started this rollback by itself'
    : 'Somebody started this rollback by hand';
  const earlier = kind.target === undefined ? 'an earlier run' : `run ${cleanText(kind.target, 60)}`;
  const target = revisions.length > 0 ? revisionsInWords(revisions) : earlier;
  return `${starter}. It brings back ${target}${takenAway(range)}.`;
}

/** ` and takes away 9b1deb4d3b7d "Sell bad tea"`; nothing where that is not known. */
function takenAway(range: Run['range']): string {
  if (range?.kind !== 'BACK' || range.others === 0) {
    return '';
  }
  const { changes, others, isCut } = range;
  const newest = changes.slice(0, 1).map(revisionInWords).join('');
  return others === 1 && !isCut
    ? ` and takes away ${newest}`
    : ` and takes away ${isCut ? 'at least ' : ''}${others} change${others === 1 ? '' : 's'}, the newest of them ${newest}`;
}

/**
 * Whether people are asked about a change that serves already, by a gate that watches its deployment. What a rollback brings back has
 * passed once; and a gate between two deployments of a stage asks about the second one.
 */
export function isLive({ run, shown }: Pick<Known, 'run' | 'shown'>): boolean {
  const watches = run.onReject.kind !== 'STAYS' || shown.policy.rule.kind === 'AUTOMATED_ELSE_PEOPLE';
  return run.kind.type === 'STANDARD' && run.deployed === true && watches;
}

/** `Can this change … in Prod?` A rejection takes back only what may not stay. */
export function whatIsAsked(request: Pick<Known, 'run' | 'shown'>): string {
  return isLive(request) && request.run.onReject.kind !== 'STAYS' ? 'stay' : 'go ahead';
}

/** What follows of itself, and until when a change serves that is live already. */
export function silenceSentence({ onReject }: Pick<Run, 'onReject'>): string {
  return `it is rejected by itself${onReject.kind === 'GOES_BACK' ? '. Until then it stays live' : ''}.`;
}

/** What follows when people say no, or nobody answers. */
export function rejectionSentence(
  { kind, onReject, serving }: Pick<Run, 'kind' | 'onReject' | 'serving'>,
  stage: string,
  newerRunWaiting: boolean,
): string {
  if (kind.type === 'ROLLBACK') {
    const next = newerRunWaiting ? ' This lets in the newer run that waits behind it.' : '';
    return `The rollback goes no further, and nothing is rolled back: ${stage} keeps the version that is live.${next}`;
  }
  if (serving.length === 0 && onReject.kind !== 'GOES_BACK') {
    return `The change goes no further, and ${stage} stays as it is.`;
  }
  switch (onReject.kind) {
    case 'STAYS':
      return `The change goes no further, and ${stage} keeps the version that is live.`;
    case 'GOES_BACK':
      return `The change goes no further, and ${stage} goes back to ${revisionsInWords(onReject.to)}.`;
    case 'NOTHING_TO_GO_BACK_TO':
      return `The change goes no further. CodePipeline has nothing to go back to, so ${stage} keeps the version that is live.`;
  }
}

function revisionsInWords(revisions: readonly Revision[]): string {
  const first = revisions.slice(0, MOST_REVISIONS).map(revisionInWords).join(' and ');
  const others = revisions.length - MOST_REVISIONS;
  return others > 0 ? `${first} and ${others} more` : first || 'its last good version';
}
