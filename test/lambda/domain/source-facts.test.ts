import { sourceFacts } from '../../../lambda/domain/run-facts';

const SUMMARY = JSON.stringify({
  ProviderType: 'GitHub',
  CommitMessage: 'fix the cart',
  AuthorEmail: 'ana@example.com',
});

test('a revision of a connection tells its message and who wrote it', () => {
  expect(sourceFacts({ name: 'app', revisionId: 'abc', revisionSummary: SUMMARY }, new Set(['app']))).toStrictEqual({
    revision: { name: 'app', id: 'abc', message: 'fix the cart', author: 'ana@example.com' },
    authors: ['ana@example.com'],
  });
});

test('what any other source says is text, whatever it looks like', () => {
  const revision = { revisionId: 'abc', revisionSummary: SUMMARY };

  expect(sourceFacts({ ...revision, name: 'other' }, new Set(['app']))).toStrictEqual({
    revision: { name: 'other', id: 'abc', message: SUMMARY },
    authors: [],
  });
  expect(sourceFacts(revision, new Set(['app']))).toStrictEqual({
    revision: { name: 'source', id: 'abc', message: SUMMARY },
    authors: [],
  });
});
