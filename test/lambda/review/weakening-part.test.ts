import { weakeningPart } from '../../../lambda/review/weakening-part';
import { policyOf, ruleOf, shownOf } from '../samples';
import { wordsIn } from './ask';

const proposed = (weakens?: readonly string[]) => ({
  policy: policyOf(),
  hash: 'a'.repeat(64),
  after: 1,
  ...(weakens === undefined ? {} : { weakens }),
});

test('what the gate would lose is listed, cleaned and escaped, and which rule applies', () => {
  const page = String(weakeningPart(shownOf({ proposed: proposed(['quorum 2 → 1', 'removed: <b>\u202ealarm</b>']) })));

  expect(page).toContain('<strong>This gate is being weakened.</strong>');
  expect(page).toContain('<li class="text">quorum 2 → 1</li>');
  expect(page).toContain('<li class="text">removed: &lt;b&gt;alarm&lt;/b&gt;</li>');
  expect(page).toContain('The former rule applies here.');
});

const WEAKENED = 'This gate is being weakened. A change of its policy, maybe this one, has these effects:';
const FORMER = 'The former rule applies here. If you approve, the weaker one applies from the next run on.';

test.each([
  ['whose people are asked', {}, policyOf(), ` ${FORMER}`],
  ['whose change nobody can be asked about', { nobody: true } as const, policyOf(), ''],
  ['that checks alone decide', {}, policyOf({ rule: ruleOf('AUTOMATED') }), ''],
])('the whole of it, at a gate %s', (_, more, policy, former) => {
  const part = weakeningPart(shownOf({ policy, proposed: { ...proposed(['quorum 2 → 1', 'no bake time']), ...more } }));

  expect(wordsIn(part)).toBe(`${WEAKENED} quorum 2 → 1 no bake time${former}`);
});

test('twenty losses are listed at most', () => {
  const losses = Array.from({ length: 21 }, (_, index) => `loss ${index}`);

  expect(String(weakeningPart(shownOf({ proposed: proposed(losses) }))).split('<li').length - 1).toBe(20);
});

test('nobody is told of a former rule where nobody can be asked', () => {
  const rule = ruleOf('AUTOMATED');
  const held = { ...proposed(['bake time 5 → 1 minutes']), nobody: true } as const;

  expect(String(weakeningPart(shownOf({ policy: policyOf({ rule }), proposed: held })))).not.toContain('former rule');
});

test('nothing is said about a policy that is as strict', () => {
  expect(String(weakeningPart(shownOf({ proposed: proposed() })))).toBe('');
  expect(String(weakeningPart(shownOf()))).toBe('');
});
