import type { ImageOfRun } from '../../../contract/checks';
import type { RunAction } from '../../../lambda/domain/run-actions';
import { imageOfRun } from '../../../lambda/domain/run-image';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const revision = (id: string, name = 'Code') => ({ name, id });
const byRevision = (more: Partial<Extract<ImageOfRun, { by: 'REVISION' }>> = {}): ImageOfRun => ({
  by: 'REVISION',
  prefix: '',
  ...more,
});
const byVariable: ImageOfRun = { by: 'VARIABLE', stage: 'Build', action: 'Image', variable: 'DIGEST' };

function action(variables: Record<string, string> | undefined, more: Partial<RunAction> = {}): RunAction {
  return {
    stage: 'Build',
    action: 'Image',
    provider: 'CodeBuild',
    startedAt: '2026-11-23T08:00:00.000Z',
    isRunning: false,
    ...(variables === undefined ? {} : { variables }),
    ...more,
  };
}

test.each<[string, ImageOfRun, readonly { name: string; id: string }[], string | undefined]>([
  ['the revision', byRevision(), [revision('abc1234')], 'abc1234'],
  ['a part of it', byRevision({ length: 7, prefix: 'r-' }), [revision('abc12345678')], 'r-abc1234'],
  ['none, if the revision is shorter than that', byRevision({ length: 7 }), [revision('abc')], undefined],
  ['the revision of one source', byRevision({ artifact: 'Code' }), [revision('x', 'Infra'), revision('abc')], 'abc'],
  ['none, of several sources', byRevision(), [revision('x', 'Infra'), revision('abc')], undefined],
  ['none, of two sources with one name', byRevision({ artifact: 'Code' }), [revision('a'), revision('b')], undefined],
  ['none, of a source that the run lacks', byRevision({ artifact: 'Code' }), [revision('x', 'Infra')], undefined],
  ['none, without a revision', byRevision(), [], undefined],
  ['none, of what can be no tag', byRevision(), [revision('a/b')], undefined],
  ['none, of nothing', byRevision(), [revision('')], undefined],
])('by the revision, the image is %s', (_, image, revisions, expected) => {
  expect(imageOfRun(image, revisions, [])).toBe(expected);
});

test.each<[string, readonly RunAction[], string | undefined]>([
  ['the digest that the action gave out', [action({ DIGEST })], DIGEST],
  [
    'that of the latest attempt',
    [action({ DIGEST: 'late' }, { startedAt: '2026-11-23T09:00:00.000Z' }), action({ DIGEST: 'early' })],
    'late',
  ],
  [
    'none while the latest attempt has none',
    [action(undefined, { startedAt: '2026-11-23T09:00:00.000Z' }), action({ DIGEST })],
    undefined,
  ],
  ['none of another action', [action({ DIGEST }, { action: 'Other' })], undefined],
  ['none of another stage', [action({ DIGEST }, { stage: 'Other' })], undefined],
  ['none by another name', [action({ OTHER: DIGEST })], undefined],
  ['none where the variable holds a repository, too', [action({ DIGEST: `shop@${DIGEST}` })], undefined],
  ['none of an empty variable', [action({ DIGEST: '' })], undefined],
])('by a variable, the image is %s', (_, actions, expected) => {
  expect(imageOfRun(byVariable, [revision('abc')], actions)).toBe(expected);
});
