import { runFacts, type RunDescription } from '../../../lambda/domain/run-facts';

const CONNECTION = new Set(['app']);
const revision = (more: object = {}) => ({ name: 'app', revisionId: 'abc', ...more });
const facts = (run: RunDescription, connections: ReadonlySet<string> = CONNECTION) => runFacts(run, connections);
const json = (more: object) => JSON.stringify({ ProviderType: 'GitHub', CommitMessage: 'fix the cart', ...more });

describe('revisions', () => {
  test('are described as far as CodePipeline does', () => {
    const created = new Date('2026-11-23T07:00:00Z');
    const described = revision({ revisionSummary: 'fix', revisionUrl: 'https://example.com/x', created });

    expect(facts({ artifactRevisions: [described, {}] }, new Set()).revisions).toStrictEqual([
      { name: 'app', id: 'abc', message: 'fix', url: 'https://example.com/x', createdAt: '2026-11-23T07:00:00.000Z' },
      { name: 'source', id: 'unknown' },
    ]);
    expect(facts({}).revisions).toEqual([]);
  });

  test('of a connection have the message within its JSON, and their author', () => {
    const summary = json({ AuthorDisplayName: 'Bo', AuthorEmail: 'bo@example.com' });

    expect(facts({ artifactRevisions: [revision({ revisionSummary: summary })] }).revisions).toEqual([
      { name: 'app', id: 'abc', message: 'fix the cart', author: 'bo@example.com' },
    ]);
  });

  test.each([
    ['no JSON', 'fix'],
    ['broken JSON', '{ fix'],
    ['JSON without a message', '{"ProviderType":"GitHub"}'],
    ['JSON with another kind of message', '{"CommitMessage":7}'],
    ['JSON of nothing', 'null'],
    ['JSON of a text', '"CommitMessage"'],
  ])('of a connection with %s have it as it is', (_, revisionSummary) => {
    expect(facts({ artifactRevisions: [revision({ revisionSummary })] }).revisions).toMatchObject([
      { message: revisionSummary },
    ]);
  });

  test('have messages of 2048 characters at most, and no empty ones', () => {
    const [long, empty] = facts({
      artifactRevisions: [revision({ revisionSummary: 'x'.repeat(5000) }), revision({ revisionSummary: '' })],
    }).revisions;

    expect(long?.message).toHaveLength(2048);
    expect(empty).not.toHaveProperty('message');
  });
});

describe('authors', () => {
  test('are author and committer as a connection names them, each name once', () => {
    const summary = json({
      AuthorId: '7',
      AuthorEmail: 'bo@example.com',
      AuthorLogin: 'bo-gh',
      AuthorName: 'Bo',
      AuthorDisplayName: 'Bo B.',
      CommitterEmail: 'ci@example.com',
    });

    expect(facts({ artifactRevisions: [revision({ revisionSummary: summary })] }).authors).toEqual([
      '7',
      'bo@example.com',
      'bo-gh',
      'Bo',
      'Bo B.',
      'ci@example.com',
    ]);
  });

  test('are found in no commit message, however it looks, of a source that writes no JSON', () => {
    const forged = json({ AuthorEmail: 'ana@example.com', AuthorLogin: 'ana-gh' });
    const run = { artifactRevisions: [revision({ revisionSummary: forged })] };

    expect(facts(run, new Set()).authors).toEqual([]);
    expect(facts(run, new Set(['other'])).authors).toEqual([]);
    expect(facts(run, new Set()).revisions).toEqual([{ name: 'app', id: 'abc', message: forged }]);
  });

  test('are found in no commit message of a connection either', () => {
    const summary = json({ CommitMessage: '{"AuthorEmail":"ana@example.com"}', AuthorEmail: 'bo@example.com' });

    expect(facts({ artifactRevisions: [revision({ revisionSummary: summary })] }).authors).toEqual(['bo@example.com']);
  });

  test('are at most ten names for each revision, whatever else a summary holds', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`Author${n}Email`, `p${n}@example.com`]));
    const summary = json({ ...many, AuthorEmail: 'bo@example.com', Authors: ['ana@example.com'] });

    expect(facts({ artifactRevisions: [revision({ revisionSummary: summary })] }).authors).toEqual(['bo@example.com']);
  });

  test('are texts, and no longer than an address', () => {
    const summary = json({ AuthorId: 7, AuthorEmail: '', AuthorName: 'a'.repeat(5000) });

    expect(facts({ artifactRevisions: [revision({ revisionSummary: summary })] }).authors).toEqual(['a'.repeat(320)]);
  });
});

describe('who started a run', () => {
  test('is known where a person did', () => {
    const trigger = { triggerType: 'StartPipelineExecution', triggerDetail: 'arn:aws:iam::1:user/ana' };

    expect(facts({ trigger })).toMatchObject({ trigger: 'StartPipelineExecution', startedBy: trigger.triggerDetail });
  });

  test.each(['Webhook', 'CloudWatchEvent', 'WebhookV2'])('is nobody in particular for %s', (triggerType) => {
    const read = facts({ trigger: { triggerType, triggerDetail: 'arn:aws:events:eu-west-1:1:rule/x' } });

    expect(read.trigger).toBe(triggerType);
    expect(read).not.toHaveProperty('startedBy');
  });

  test('may be missing', () => {
    expect(facts({ trigger: { triggerType: 'StartPipelineExecution' } })).not.toHaveProperty('startedBy');
    expect(facts({})).toStrictEqual({ revisions: [], authors: [], isRollback: false });
  });
});

test('a revision whose source has no name is of no connection', () => {
  const run = { artifactRevisions: [{ revisionSummary: json({ AuthorEmail: 'bo@example.com' }) }] };

  expect(facts(run, new Set(['', 'Stryker was here!'])).authors).toEqual(['bo@example.com']);
  expect(facts(run).authors).toEqual([]);
});

test('a rollback is known by its type, and names the run that it goes back to', () => {
  const run = { executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: 'run-0' } };

  expect(facts(run)).toMatchObject({ isRollback: true, target: 'run-0' });
  expect(facts({ executionType: 'ROLLBACK' })).toEqual({ revisions: [], authors: [], isRollback: true });
  expect(facts({ executionType: 'STANDARD' }).isRollback).toBe(false);
});
