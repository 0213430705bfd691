/** The forms, as assistive technology reads them. */
import type { PageState } from '../../../lambda/review/question-page';
import { answerForm, revokeForm } from '../../../lambda/review/form';
import { questionPage } from '../../../lambda/review/question-page';
import { linkFields } from '../../../lambda/review/markup';
import { BO, NOW, PEOPLE, RULES, waiting } from './fixture';
import { stateOf } from './page-state';

const fieldOf = (html: string, name: 'textarea' | 'input\\n *class="number"'): string =>
  new RegExp(`<${name}[\\s\\S]*?>`).exec(html)![0].replace(/\s+/g, ' ');
const answer = (more: Partial<PageState> = {}, request = waiting()): string =>
  String(answerForm(stateOf(more, request), false));

test('a form without problems describes its fields by their help alone', () => {
  const html = answer();

  expect(fieldOf(html, 'textarea')).toMatch(/aria-describedby="comment-help" >$/);
  expect(fieldOf(html, 'input\\n *class="number"')).toMatch(/aria-describedby="number-shown number-help" \/>$/);
  expect(html).not.toContain('aria-invalid');
});

test('a field with a problem says that it is invalid, and which words tell why', () => {
  const problems = [
    { field: 'comment', text: 'Please give a reason.' },
    { field: 'number', text: 'Please type the number.' },
  ] as const;
  const html = answer({ problems });

  expect(fieldOf(html, 'textarea')).toMatch(/aria-describedby="comment-help comment-problem" aria-invalid="true" >$/);
  expect(fieldOf(html, 'input\\n *class="number"')).toMatch(
    /aria-describedby="number-shown number-help number-problem" aria-invalid="true" \/>$/,
  );
  expect(html).toContain('<p class="problem" id="comment-problem">Please give a reason.</p>');
});

test.each([
  ['OPTIONAL', false],
  ['FOR_REJECTION', false],
  ['ALWAYS', true],
] as const)('a reason that is %s makes the browser ask for one: %s', (reason, isRequired) => {
  const rule = { kind: 'MANUAL', people: { ...PEOPLE, reason } } as const;

  expect(/maxlength="400" (required )?aria/.exec(fieldOf(answer({}, waiting({ rule })), 'textarea'))?.[1]).toBe(
    isRequired ? 'required ' : undefined,
  );
});

test('the button is disabled while the gate is locked, and says why', () => {
  const checks = [{ id: 'c', title: 'alarm', verdict: 'FAIL', reason: 'red', observeOnly: false }] as const;
  const locked = answer({}, waiting({ rule: RULES.GUARDED, shown: { checks } }));

  expect(locked).toMatch(/value="APPROVE"\s+disabled aria-describedby="locked"\s+>/);
  expect(locked).toContain('id="locked"');
  expect(answer()).toMatch(/value="APPROVE"\s+>/);
  expect(answer()).not.toContain('id="locked"');
});

test('every form carries whose link it is', () => {
  const { question } = stateOf();
  const fields = String(linkFields(question.link));

  expect(fields).toBe(
    `<input type="hidden" name="by" value="${BO}" /> <input type="hidden" name="key" value="${question.link.seed}" />`,
  );
  expect(String(revokeForm(stateOf()))).toContain(`name="key" value="`);
});

describe('the page around it', () => {
  test('leads to the answer, or to changing it', () => {
    const submitted = { verdict: 'APPROVE', seq: NOW } as const;

    expect(String(questionPage(stateOf()))).toContain('<a class="go" href="#decide">Go to your answer</a>');
    expect(String(questionPage(stateOf({ submitted })))).toContain(
      '<a class="go" href="#decide">Change your answer</a>',
    );
  });

  test('shows twenty changes at most', () => {
    const changes = Array.from({ length: 25 }, (_, index) => `change ${index}`);

    expect(String(questionPage(stateOf({ changes }))).split('<li class="text">change ').length - 1).toBe(20);
  });

  test('leads from a problem to its field, where it has one', () => {
    const html = String(
      questionPage(
        stateOf({
          problems: [
            { field: 'answer', text: 'Please press a button.' },
            { field: 'number', text: 'Please type the number.' },
          ],
        }),
      ),
    );

    expect(html).toContain('<li class="text">Please press a button.</li>');
    expect(html).toContain('<li class="text"><a href="#number">Please type the number.</a></li>');
  });
});
