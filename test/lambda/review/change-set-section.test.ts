import type { ChangeSetView, ListedChange } from '../../../lambda/domain/change-set';
import { changeSetSection } from '../../../lambda/review/change-set-section';
import { wordsIn } from './ask';
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

test('says the whole of what a change set would do, and what approving it means', () => {
  const changes: ListedChange[] = [
    { effect: 'CHANGED', resource: 'ShopRole', type: 'AWS::IAM::Role', scope: ['Properties', 'Tags'] },
    { effect: 'CHANGED', resource: 'Door', type: 'AWS::EC2::SecurityGroup' },
  ];
  const section = changeSetSection(
    waiting({
      shown: { changeSets: [read(changes), { kind: 'UNREAD', stack: 'shop-eu', name: 'eu', reason: 'denied' }] },
    }),
  );

  expect(wordsIn(section)).toBe(
    'What CloudFormation would do shop-prod change set release 1 REPLACED (Table Orders) ' +
      'ShopRole (IAM) AWS::IAM::Role Changes: Properties, Tags. changed ' +
      'Door (security group) AWS::EC2::SecurityGroup changed ' +
      'shop-eu change set eu It could not be read: denied. What it would do is not known here. ' +
      'Look in the AWS console before you approve. ' +
      'As CloudFormation describes the prepared change set. Approve lets the pipeline execute it. ' +
      'When somebody makes it again, approvals of the earlier one do not count.',
  );
});

const TABLE = 'AWS::DynamoDB::Table';

test.each<[string, ListedChange, string, string]>([
  [
    'removed for good',
    { effect: 'REMOVED', old: 'DELETED', resource: 'R', type: TABLE },
    'The old one is deleted.',
    'bad">removed',
  ],
  [
    'taken out and kept',
    { effect: 'REMOVED', old: 'RETAINED', resource: 'R', type: TABLE },
    'The old one is kept.',
    'bad">removed',
  ],
  [
    'replaced after a snapshot',
    { effect: 'REPLACED', old: 'SNAPSHOT', resource: 'R', type: TABLE },
    'The old one is deleted after a snapshot.',
    'bad">replaced',
  ],
  [
    'perhaps replaced',
    { effect: 'MAYBE_REPLACED', old: 'DELETED', resource: 'R', type: TABLE },
    'The old one is deleted.',
    'wait">may be replaced',
  ],
  ['replaced, nobody knows how', { effect: 'REPLACED', resource: 'R', type: TABLE }, '', 'bad">replaced'],
  ['not known yet', { effect: 'UNKNOWN', old: 'DELETED', resource: 'R', type: TABLE }, '', 'wait">not known yet'],
  ['imported', { effect: 'IMPORTED', resource: 'R', type: TABLE }, '', '">imported'],
  ['added', { effect: 'ADDED', scope: ['Tags'], resource: 'R', type: TABLE }, '', 'good">added'],
  [
    'changed in its tags',
    { effect: 'CHANGED', scope: ['Tags'], resource: 'R', type: TABLE },
    'Changes: Tags.',
    '">changed',
  ],
  ['changed in nothing that is named', { effect: 'CHANGED', scope: [], resource: 'R', type: TABLE }, '', '">changed'],
  [
    'a changed nested stack',
    { effect: 'CHANGED', scope: ['Properties'], resource: 'R', type: 'AWS::CloudFormation::Stack' },
    'Changes: Properties. What changes inside this nested stack is not listed here.',
    '">changed',
  ],
])('a resource that is %s is told as that and nothing more', (_, change, sentences, label) => {
  const text = page(read([change]));
  const [row = ''] = /<li>.*<\/li>/.exec(text) ?? [];

  expect(wordsIn(row)).toBe(
    ['R', change.type, sentences, label.replace(/.*>/, '')].filter((word) => word !== '').join(' '),
  );
  expect(row).toContain(`<span class="tag ${label}</span>`);
  expect(row.split('<p class="small soft">').length - 1).toBe(sentences === '' ? 0 : 1);
});

test('has no list where nothing changes, and counts none that are not listed', () => {
  const text = page({ ...read([]), says: 'changes nothing' } as ChangeSetView);

  expect(text).not.toContain('<ul');
  expect(text).not.toContain('more</p>');
  expect(page(read([{ effect: 'ADDED', resource: 'R', type: TABLE }]))).toContain('<ul class="rows">');
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
