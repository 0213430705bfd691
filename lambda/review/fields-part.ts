/** The part of the form that approvers fill in for later actions, and what was filled in so far. */
import { html } from 'hono/html';
import {
  FIELD_LENGTH,
  FIELD_NAME,
  type ChoiceFieldRule,
  type FieldRule,
  type FieldValues,
  type TextFieldRule,
} from '../../contract/fields';
import { peopleOf } from '../../contract/policy';
import type { DecisionDetails } from '../../contract/record';
import { cleanText } from '../domain/clean-text';
import { nameOf } from '../domain/count-votes';
import { detailsOver } from '../domain/decision-details';
import { newestOf, valueOf, valuesInWords, valuesOf, whyRefused, whyUnfilled } from '../domain/fields';
import type { Vote } from '../domain/vote';
import type { Problem } from './answer';
import { voteOf, type Question } from './link';
import { NOTHING, type Html } from './markup';
import type { PageState } from './question-page';

/** Fields of the form have this before their names. */
const INPUT = 'field.';

/** What somebody typed into fields, whatever the gate asks for. */
export function typedFields(form: URLSearchParams): FieldValues {
  const typed = [...form.keys()]
    .filter((key) => key.startsWith(INPUT) && FIELD_NAME.test(key.slice(INPUT.length)))
    .map((key) => [key.slice(INPUT.length), form.get(key) ?? '']);
  return Object.fromEntries(typed);
}

/** What has to be put right before an approval is taken, at its field. */
export function fieldProblems(rules: readonly FieldRule[], values: FieldValues): readonly Problem[] {
  return rules.flatMap((rule) => {
    const text = whyRefused(rule, valueOf(values, rule));
    return text === undefined ? [] : [{ field: idOf(rule), text } as const];
  });
}

/** The limit of a decision is that of all fields together, and of the chosen time. */
export function lengthProblems(rules: readonly FieldRule[], details: DecisionDetails): readonly Problem[] {
  const [first] = rules;
  const over = detailsOver(details);
  const text = `What is filled in is too long for one approval. Please shorten it by ${over} characters in total.`;
  return first === undefined || over === 0 ? [] : [{ field: idOf(first), text }];
}

export function fieldsPart(state: PageState): Html {
  const { question, problems } = state;
  const rules = rulesOf(question);
  if (rules.length === 0) {
    return NOTHING;
  }
  const values = state.fields ?? valuesSoFar(question);
  return html`${filledPart(question, rules)}
  ${rules.map((rule) => {
    const problem = problems.find(({ field }) => field === idOf(rule));
    const value = valueOf(values, rule);
    return rule.kind === 'TEXT' ? textField(rule, value, problem) : choiceField(rule, value, problem);
  })}`;
}

/** `Change ticket: CHG-1`, of somebody who approved; empty where nothing was filled in. */
export function filledBy(question: Question, vote: Vote | undefined): string {
  const rules = rulesOf(question);
  return vote === undefined || rules.length === 0 ? '' : cleanText(valuesInWords(rules, valuesOf(vote)), 600);
}

/** Why an approval does not count, where that is because of the fields. */
export function whyNotFilled(question: Question, vote: Vote): string | undefined {
  return vote.verdict === 'APPROVE' ? whyUnfilled(rulesOf(question), vote) : undefined;
}

function rulesOf({ request }: Question): readonly FieldRule[] {
  return peopleOf(request.shown.policy.rule)?.fields ?? [];
}

/** Approvals that count, as far as this page knows. */
function newestApproval({ votes, invitations, request }: Question): Vote | undefined {
  const fields = peopleOf(request.shown.policy.rule)?.fields;
  const mayVote = new Set(invitations.filter(({ excluded }) => excluded === undefined).map(({ approver }) => approver));
  return newestOf(
    votes.filter(
      (vote) =>
        vote.verdict === 'APPROVE' &&
        vote.current &&
        mayVote.has(vote.approver) &&
        whyUnfilled(fields, vote) === undefined,
    ),
  );
}

/** What the reader filled in before; what later actions would read now, where that is somebody else's. */
function valuesSoFar(question: Question): FieldValues {
  const own = voteOf(question.votes, question.link.approver);
  const vote = own?.verdict === 'APPROVE' ? own : newestApproval(question);
  return vote === undefined ? {} : valuesOf(vote);
}

function filledPart(question: Question, rules: readonly FieldRule[]): Html {
  const newest = newestApproval(question);
  const who = question.invitations.find(({ approver }) => approver === newest?.approver);
  const said = newest === undefined ? '' : cleanText(valuesInWords(rules, valuesOf(newest)), 600);
  if (newest === undefined || who === undefined || said === '') {
    return html`<p class="small soft">Later steps of this run read what you fill in here when you approve.</p>`;
  }
  const name = newest.approver === question.link.approver ? 'You' : cleanText(nameOf(who), 120);
  return html`<p class="small soft text" id="filled">
    ${name} filled in: ${said}. Later steps of this run read what the newest approval says: what you fill in takes its
    place.
  </p>`;
}

function textField(rule: TextFieldRule, value: string, problem: Problem | undefined): Html {
  const id = idOf(rule);
  const { hint, optional, maxLength = FIELD_LENGTH } = rule;
  const described = [
    ...(hint === undefined ? [] : [`${id}-help`]),
    ...(problem === undefined ? [] : [`${id}-problem`]),
  ].join(' ');
  return html`<div class="field">
    <label for="${id}"
      >${rule.label} <span class="soft">${optional === true ? '(optional)' : '(required to approve)'}</span></label
    >
    <input
      id="${id}"
      name="${INPUT}${rule.name}"
      type="text"
      autocomplete="off"
      maxlength="${maxLength}"
      value="${value}"
      ${described === '' ? '' : html`aria-describedby="${described}"`}
      ${problem === undefined ? '' : html`aria-invalid="true"`}
    />
    ${problemPart(id, problem)}
    ${hint === undefined ? NOTHING : html`<p class="small soft help" id="${id}-help">${hint}</p>`}
  </div>`;
}

/** The first choice has the id, so that a problem leads there. */
function choiceField(rule: ChoiceFieldRule, value: string, problem: Problem | undefined): Html {
  const id = idOf(rule);
  return html`<fieldset class="field" ${problem === undefined ? '' : html`aria-describedby="${id}-problem"`}>
    <legend class="label">${rule.label} <span class="soft">(required to approve)</span></legend>
    ${rule.choices.map(
      (choice, index) =>
        html`<label class="option"
          ><input
            ${index === 0 ? html`id="${id}"` : ''}
            name="${INPUT}${rule.name}"
            type="radio"
            value="${choice}"
            ${choice === value ? 'checked' : ''}
          />
          ${choice}</label
        >`,
    )}
    ${problemPart(id, problem)}
  </fieldset>`;
}

function problemPart(id: string, problem: Problem | undefined): Html {
  return problem === undefined ? NOTHING : html`<p class="problem" id="${id}-problem">${problem.text}</p>`;
}

function idOf({ name }: FieldRule): `field-${string}` {
  return `field-${name}`;
}
