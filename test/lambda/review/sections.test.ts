/** What the page shows of long, odd and partial requests. */
import type { CheckState, Revision, Waiting } from '../../../lambda/domain/request';
import type { Question } from '../../../lambda/review/link';
import { changeSection, checksSection, effectSection, peopleSection, runLine } from '../../../lambda/review/sections';
import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import { newSeed } from '../../../lambda/signing/link-key';
import { ANA, BO, RUN, invitation, rollback, scene, vote, waiting } from './fixture';

const SHA = '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d00000000';
const revision = (more: Partial<Revision> = {}): Revision => ({ name: 'Source', id: SHA, ...more });
const many = (count: number, id = 'r'): Revision[] =>
  Array.from({ length: count }, (_, index) => revision({ id: `${id}${index}` }));
const count = (text: string, part: string): number => text.split(part).length - 1;

function question(more: Partial<Question>): Question {
  const { invitations, votes } = scene();
  const link = { requestId: 'a'.repeat(32), approver: BO, seed: 's'.repeat(43) };
  return { kind: 'QUESTION', link, request: waiting(), me: invitations[1]!, invitations, votes, tallies: [], ...more };
}

const changeOf = (run: Partial<Waiting['run']>): string => String(changeSection(waiting({ run })));

describe('the change', () => {
  test('has ten revisions at most', () => {
    expect(count(changeOf({ revisions: many(12) }), 'class="revision"')).toBe(10);
  });

  test('without a message says so', () => {
    expect(changeOf({ revisions: [revision()] })).toContain('<p class="message text">No message</p>');
    expect(changeOf({ revisions: [revision({ message: '\n\n' })] })).toContain('No message');
  });

  test('has the rest of its message apart, without empty lines around it', () => {
    expect(changeOf({ revisions: [revision({ message: 'Title\n\n\nWhy\n' })] })).toContain(
      '<p class="small text">Why</p>',
    );
    expect(changeOf({ revisions: [revision({ message: 'Title\n\n' })] })).not.toContain('The whole message');
  });

  test.each([
    [SHA, '9b1deb4d3b7d'],
    [`v${SHA}`, `v${SHA}`],
    [`${SHA}0`, `${SHA}0`],
    ['release-7', 'release-7'],
  ])('is named %s as %s: only a commit is shortened', (id, shown) => {
    expect(changeOf({ revisions: [revision({ id })] })).toContain(`<code>${shown}</code>`);
  });

  test('has its address as text where that is no https', () => {
    const odd = changeOf({ revisions: [revision({ url: 'http://git.example.com/1' })], reviewUrl: undefined });

    expect(odd).toContain('<p class="small soft text">http://git.example.com/1</p>');
    expect(odd).not.toContain('<a ');
    expect(changeOf({ revisions: [revision()], reviewUrl: undefined })).not.toContain(
      '<p class="small soft text"></p>',
    );
  });
});

describe('what an answer does', () => {
  const effect = (run: Partial<Waiting['run']>): string => String(effectSection(waiting({ run })));

  test('names five of what serves at most, each by its title', () => {
    const text = effect({ serving: many(7, 's'), revisions: many(1) });

    expect(count(text, '<li class="text">')).toBe(5);
    expect(effect({ serving: [revision({ id: 'abc', message: 'Title\nmore' })] })).toContain('</code> Title\n');
  });

  test('says of what serves when it is the change itself, by its source and its id', () => {
    const two = [revision({ id: 'one' }), revision({ name: 'Config', id: 'two' })];

    expect(count(effect({ revisions: two, serving: two }), '(this change itself)')).toBe(2);
    expect(effect({ revisions: two, serving: [revision({ name: 'Config', id: 'one' })] })).not.toContain('itself)');
    expect(effect({ revisions: two, serving: [revision({ id: 'three' })] })).not.toContain('itself)');
    expect(effect({ ...rollback(), revisions: two, serving: two })).toContain('(this rollback itself)');
  });

  test('without a message shows the id alone', () => {
    expect(effect({ revisions: many(1), serving: [revision({ id: 'abc' })] })).toMatch(/<code>abc<\/code> \n/);
  });
});

describe('a check', () => {
  const AT = '2026-11-24T09:00:00.000Z';
  const LINK = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home';
  const checks: CheckState[] = [
    { id: 'c', title: 'alarm shop-5xx', verdict: 'FAIL', reason: 'red', observeOnly: false },
  ];
  const shown = (link?: string, checkId = 'c'): string => {
    const tally = [0, 60].reduce<CheckTally | undefined>((before, seconds) => {
      const at = new Date(Date.parse(AT) + seconds * 1000).toISOString();
      return withMeasurement(before, { checkId, at, verdict: 'FAIL', reason: 'red', link }, { interval: 60 }, AT);
    }, undefined);
    return String(checksSection(question({ request: waiting({ shown: { checks } }), tallies: [tally!] })));
  };

  test('has its course, and leads to where people see more', () => {
    expect(shown(LINK)).toContain('<figure class="course">');
    expect(shown(LINK)).toContain(`href="${LINK}"`);
  });

  test('leads nowhere else than to an https address', () => {
    expect(shown()).not.toContain('href');
    expect(shown('javascript:alert(1)')).not.toContain('href');
    expect(shown('http://example.com/')).not.toContain('href');
  });

  test('has the course of no other check', () => {
    expect(shown(LINK, 'd')).not.toMatch(/figure|href/);
  });
});

test('fifty checks are shown at most', () => {
  const checks: CheckState[] = Array.from({ length: 60 }, (_, index) => ({
    id: `c${index}`,
    title: `alarm ${index}`,
    verdict: 'PASS',
    reason: 'fine',
    observeOnly: false,
  }));

  expect(
    count(String(checksSection(question({ request: waiting({ shown: { checks } }) }))), '<li class="check">'),
  ).toBe(50);
});

describe('who was asked', () => {
  const people = (more: Partial<Question>): string => String(peopleSection(question(more)));

  test.each([
    ['a yes', vote(ANA, 'APPROVE'), '<span class="tag good">approved</span>'],
    ['a no', vote(ANA, 'REJECT'), '<span class="tag bad">rejected</span>'],
    [
      'a yes to something else',
      vote(ANA, 'APPROVE', { current: false }),
      '<span class="tag wait">approved an older view</span>',
    ],
  ])('has %s marked', (_what, given, tag) => {
    expect(people({ votes: [given] })).toContain(tag);
  });

  test('has those who have not answered marked, and those whom no mail reaches, and those without a vote', () => {
    expect(people({ votes: [] })).toContain('<span class="tag ">no answer yet</span>');
    const [ana] = scene().invitations;
    expect(people({ votes: [], invitations: [{ ...ana!, mailbox: 'missing' }] })).toContain(
      '<span class="tag wait">email not confirmed</span>',
    );
    expect(people({})).toContain('<span class="tag ">no vote</span>');
  });

  test.each([
    [1, '1 person was added to the list of approvers after this request was made, and has no vote on it.'],
    [2, '2 people were added to the list of approvers after this request was made, and have no vote on it.'],
  ])('are told that %d more stand in a list since', (addedToLists, note) => {
    expect(people({ request: waiting({ shown: { addedToLists } }) })).toContain(note);
    expect(people({})).not.toContain('added to the list');
  });

  test('are a hundred at most', () => {
    const seed = newSeed();
    const invitations = Array.from({ length: 120 }, (_, index) =>
      invitation(`${index}`, `p${index}@example.com`, seed),
    );

    expect(count(people({ invitations, votes: [] }), '<li>')).toBe(100);
  });
});

test('a run whose people were not asked says no time', () => {
  const { asking: _, ...watched } = waiting();

  expect(String(runLine(watched))).not.toContain('asked');
  expect(String(runLine(waiting()))).toContain(`<code>${RUN.executionId}</code>, started by ana-gh, asked <time`);
});
