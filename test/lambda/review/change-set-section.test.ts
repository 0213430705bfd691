import type { ChangeSetView, ListedChange } from '../../../lambda/domain/change-set';
import { changeSetSection } from '../../../lambda/review/change-set-section';
import { waiting } from './fixture';

const page = (...changeSets: ChangeSetView[]): string =>
  String(changeSetSection(waiting({ shown: { changeSets } }))).replace(/\s+/g, ' ');
const read = (changes: readonly ListedChange[], unlisted = 0): ChangeSetView => ({
  kind: 'READ',
  stack: 'shop-prod',
  name: 'release',
  id: 'arn:1',
  says: '1 REPLACED (Table Orders)',
  changes,
  unlisted,
});

test('lists each change, what becomes of the old resource, and how many are not listed', () => {
  const text = page(
    read(
      [
        { effect: 'CHANGED', resource: 'ShopRole', type: 'AWS::IAM::Role', scope: ['Properties', 'Tags'] },
        { effect: 'REPLACED', resource: 'Orders', type: 'AWS::DynamoDB::Table', old: 'DELETED' },
        { effect: 'CHANGED', resource: 'Data', type: 'AWS::CloudFormation::Stack' },
      ],
      120,
    ),
  );

  expect(text).toContain('1 REPLACED (Table Orders)');
  expect(text).toContain('ShopRole <span class="soft small">(IAM)</span>');
  expect(text).toContain('Changes: Properties, Tags.');
  expect(text).toContain('The old one is deleted.');
  expect(text).toContain('<span class="tag bad">replaced</span>');
  expect(text).toContain('What changes inside this nested stack is not listed here.');
  expect(text).toContain('and 120 more');
});

test('says that it could not be read, and never that it changes nothing', () => {
  const text = page({ kind: 'UNREAD', stack: 'shop-prod', name: 'release', reason: 'no answer' });

  expect(text).toContain('It could not be read: no answer.');
  expect(text).not.toContain('changes nothing');
});

test('is not there where the gate shows none', () => {
  expect(page()).toBe('');
  expect(String(changeSetSection(waiting({})))).toBe('');
});

test('names from a template can neither be HTML nor hide what stands beside them', () => {
  const evil = '<script>alert(1)</script>\u202e\n';
  const text = page(
    {
      ...read([{ effect: 'ADDED', resource: evil, type: evil }]),
      stack: evil,
      name: evil,
      says: evil,
    } as ChangeSetView,
    { kind: 'UNREAD', stack: evil, name: evil, reason: evil },
  );

  expect(text).toContain('&lt;script&gt;');
  expect(text).not.toContain('<script');
  expect(text).not.toContain('\u202e');
});
