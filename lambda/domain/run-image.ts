/** Which image of a repository belongs to a run: its tag or its digest. */
import type { ImageOfRun } from '../../contract/checks';
import type { Revision } from './request';
import { latestAttempts, type RunAction } from './run-actions';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html */
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Undefined where the run does not name one image. */
export function imageOfRun(
  image: ImageOfRun,
  revisions: readonly Revision[],
  actions: readonly RunAction[],
): string | undefined {
  const name = image.by === 'REVISION' ? tagFor(image, revisions) : variableOf(image, actions);
  return name !== undefined && (DIGEST.test(name) || TAG.test(name)) ? name : undefined;
}

export function isDigest(image: string): boolean {
  return DIGEST.test(image);
}

function tagFor(
  { artifact, prefix, length }: Extract<ImageOfRun, { by: 'REVISION' }>,
  revisions: readonly Revision[],
): string | undefined {
  const wanted = artifact === undefined ? revisions : revisions.filter(({ name }) => name === artifact);
  const [revision, ...others] = wanted;
  // A revision that is shorter than it should be would name another image.
  if (revision === undefined || others.length > 0 || revision.id.length < (length ?? 1)) {
    return undefined;
  }
  return `${prefix}${revision.id.slice(0, length)}`;
}

function variableOf(
  { stage, action, variable }: Extract<ImageOfRun, { by: 'VARIABLE' }>,
  actions: readonly RunAction[],
): string | undefined {
  const variables = latestAttempts(actions).find((one) => one.stage === stage && one.action === action)?.variables;
  return variables !== undefined && Object.hasOwn(variables, variable) ? variables[variable] : undefined;
}
