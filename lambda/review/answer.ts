/** Whether a form may be recorded, and as what. Pure: the same form, request and time give the same judgement. */
import { peopleOf, type PeopleRule } from '../../contract/policy';
import type { FieldValues } from '../../contract/fields';
import type { DecisionDetails } from '../../contract/record';
import { isNamedToBreakGlass } from '../domain/break-glass';
import { cleanLines } from '../domain/clean-text';
import { saidToYou } from '../domain/eligibility';
import { valuesIn } from '../domain/fields';
import { COMMENT_LIMIT, NUMBER_DIGITS, WRONG_NUMBERS_KEPT } from '../domain/limits';
import type { Shown } from '../domain/request';
import { isVerdict, type Submission, type Verdict } from '../domain/vote';
import { sameNumber, shownNumber } from '../signing/link-key';
import { whatChanged } from './evidence-seen';
import type { Ending } from './ending';
import { fieldProblems, lengthProblems } from './fields-part';
import type { Question } from './link';
import { judgeStart, type Clock, type TypedStart } from './start-choice';

/** What the form sends; all of it is what a stranger typed. A field that is missing is empty. */
export interface AnswerForm {
  readonly verdict: string;
  readonly number: string;
  readonly comment: string;
  readonly evidence: string;
  readonly seen: string;
  readonly start: TypedStart;
  /** By the names of fields, whatever the gate asks for. */
  readonly fields: FieldValues;
}

/** Something the approver can put right, at the field it belongs to. */
export interface Problem {
  readonly field:
    'number' | 'comment' | 'start' | 'answer' | 'emergency-number' | 'emergency-comment' | `field-${string}`;
  readonly text: string;
}

/** What to sign and put. */
export interface ToSign {
  readonly submission: Submission;
  readonly comment: string;
  readonly details?: DecisionDetails;
}

export interface Judgement {
  /** Absent = nothing. */
  readonly record?: ToSign;
  readonly problems: readonly Problem[];
  /** What is different from what the approver had in front of them. */
  readonly changes: readonly string[];
  /** The number as typed, if it was right: nobody has to type it twice. */
  readonly number: string;
  /** Wrong numbers typed on this link, this one included. */
  readonly wrongNumbers: number;
}

export function judgeAnswer(question: Question, form: AnswerForm, clock: Clock): Judgement {
  const wrongNumbers = question.me.wrongNumbers ?? 0;
  const { shown } = question.request;
  const refuse = (text: string): Judgement => ({
    problems: [{ field: 'answer', text }],
    changes: [],
    number: '',
    wrongNumbers,
  });

  const { verdict } = form;
  if (!isVerdict(verdict)) {
    return refuse('Choose Approve or Reject.');
  }
  const closed = verdict === 'BREAK_GLASS' ? whyNotAlone(question) : whyClosed(question);
  if (closed !== undefined) {
    return refuse(closed);
  }
  if (form.evidence !== shown.evidence) {
    return { problems: [], changes: whatChanged(form.seen, question.request), number: '', wrongNumbers };
  }
  const locked = verdict === 'APPROVE' ? whyApproveLocked(shown) : undefined;
  if (locked !== undefined) {
    return refuse(locked);
  }
  const proof = judgeNumber(question, form.number);
  const comment = judgeComment(peopleOf(shown.policy.rule)?.reason, verdict, form.comment);
  const rules = (verdict === 'APPROVE' ? peopleOf(shown.policy.rule)?.fields : undefined) ?? [];
  const fields = valuesIn(rules, form.fields);
  const { notBefore, ...start } = verdict === 'APPROVE' ? judgeStart(question, form.start, clock) : { problems: [] };
  const details = {
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
  const problems = [
    ...proof.problems,
    ...fieldProblems(rules, fields),
    ...lengthProblems(rules, details),
    ...comment.problems,
    ...start.problems,
  ].map((problem) => inForm(verdict, problem));
  return problems.length > 0
    ? { ...proof, problems }
    : {
        ...proof,
        record: {
          submission: verdict,
          comment: comment.text,
          ...(Object.keys(details).length === 0 ? {} : { details }),
        },
      };
}

/** The emergency has a form of its own on the page. */
function inForm(verdict: Verdict, { field, text }: Problem): Problem {
  const isField = verdict === 'BREAK_GLASS' && (field === 'number' || field === 'comment');
  return { field: isField ? `emergency-${field}` : field, text };
}

/** The follow-up of an emergency takes the number like any answer, and a comment. */
export function judgeReview(
  { link, review }: Ending,
  form: Pick<AnswerForm, 'number' | 'comment' | 'evidence'>,
): Judgement {
  if (review === undefined || form.evidence !== review.evidence) {
    return { problems: [], changes: [], number: '', wrongNumbers: 0 };
  }
  const { me, evidence } = review;
  const proof = judgeNumber({ link, me, request: { shown: { evidence } } }, form.number);
  const comment = judgeComment(undefined, 'REVIEWED', form.comment);
  const problems = [...proof.problems, ...comment.problems];
  return problems.length > 0
    ? { ...proof, problems }
    : { ...proof, record: { submission: 'REVIEWED', comment: comment.text } };
}

/** Revoking needs the number too: a mail scanner that presses every button must not take the link from its owner. */
export function judgeRevocation(question: Question, number: string): Judgement {
  const proof = judgeNumber(question, number);
  return proof.problems.length > 0 ? proof : { ...proof, record: { submission: 'REVOKE', comment: '' } };
}

/** Why nobody with this link can answer now. */
export function whyClosed({ me, request }: Question): string | undefined {
  if (me.excluded !== undefined) {
    return `You have no vote on this change: ${cleanLines(saidToYou(me.excluded), 300, 3)}`;
  }
  if (peopleOf(request.shown.policy.rule) === undefined) {
    return 'This gate does not take answers by link.';
  }
  return request.asking === undefined ? 'Nobody is asked yet: the checks decide.' : undefined;
}

/** Why nobody with this link can open the gate alone, in an emergency. */
export function whyNotAlone({ me, request: { run, shown } }: Question): string | undefined {
  const isNamed = isNamedToBreakGlass(run, peopleOf(shown.policy.rule), me.approver);
  return isNamed && !me.shared ? undefined : 'You cannot open this gate alone.';
}

/** Why Approve is locked although Reject is not: at a guarded gate people and checks both have to agree. */
export function whyApproveLocked({ policy, checks }: Shown): string | undefined {
  if (policy.rule.kind !== 'GUARDED') {
    return undefined;
  }
  const deciding = checks.filter((check) => !check.observeOnly);
  if (deciding.length > 0 && deciding.every((check) => check.verdict === 'PASS')) {
    return undefined;
  }
  return deciding.some((check) => check.verdict === 'FAIL')
    ? 'Approve is locked while a check is failing. You may reject now.'
    : 'Approve is locked until every check is healthy. You may reject now.';
}

/** Digits that a link asks for after so many wrong numbers. */
export function digitsAfter(wrongNumbers: number): number {
  return NUMBER_DIGITS.reduce<number>((digits, step) => (wrongNumbers >= step.after ? step.digits : digits), 4);
}

/**
 * A longer number than asked for is right as well: the page shows the next length before the count has arrived in the table.
 * A shorter one that was right before is not counted as wrong.
 */
function judgeNumber(
  {
    link,
    me,
    request,
  }: Pick<Question, 'link' | 'me'> & { readonly request: { readonly shown: Pick<Shown, 'evidence'> } },
  typed: string,
): Judgement {
  const wrongNumbers = me.wrongNumbers ?? 0;
  const fail = (text: string, count = wrongNumbers): Judgement => ({
    problems: [{ field: 'number', text }],
    changes: [],
    number: '',
    wrongNumbers: count,
  });
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
  if (digits === '') {
    return fail('Type the number that is shown above the field.');
  }
  const isRight = NUMBER_DIGITS.some(
    (step) =>
      step.digits === digits.length && sameNumber(digits, shownNumber(link.seed, request.shown.evidence, step.digits)),
  );
  if (isRight) {
    return digits.length >= digitsAfter(wrongNumbers)
      ? { problems: [], changes: [], number: digits, wrongNumbers }
      : fail('The number has become longer, because wrong ones were typed on this link. Type the new one.');
  }
  const count = wrongNumbers + 1;
  const times = count === 1 ? 'the first wrong number' : `wrong number ${Math.min(count, WRONG_NUMBERS_KEPT)}`;
  const failed = fail(`That is not the number shown. It was ${times} on this link; nothing else was recorded.`, count);
  return wrongNumbers < WRONG_NUMBERS_KEPT
    ? { ...failed, record: { submission: 'WRONG_NUMBER', comment: '' } }
    : failed;
}

function judgeComment(
  rule: PeopleRule['reason'] | undefined,
  verdict: Verdict | 'REVIEWED',
  typed: string,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const length = typed.replace(/\r\n/g, '\n').trim().length;
  const text = cleanLines(typed, COMMENT_LIMIT);
  if (length > COMMENT_LIMIT) {
    const problem = `The reason has ${length} characters, ${COMMENT_LIMIT} are the most. Please shorten it.`;
    return { text, problems: [{ field: 'comment', text: problem }] };
  }
  if (text === '' && verdict === 'REVIEWED') {
    return { text, problems: [{ field: 'comment', text: 'Say what you found: it stands in the record.' }] };
  }
  if (text === '' && verdict === 'BREAK_GLASS') {
    const problem = 'Say what the emergency is: everybody who was asked is told.';
    return { text, problems: [{ field: 'comment', text: problem }] };
  }
  if (text === '' && (rule === 'ALWAYS' || (rule === 'FOR_REJECTION' && verdict === 'REJECT'))) {
    const answer = verdict === 'APPROVE' ? 'approve' : 'reject';
    return { text, problems: [{ field: 'comment', text: `Say why you ${answer}: this gate wants a reason.` }] };
  }
  return { text, problems: [] };
}
