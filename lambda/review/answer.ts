/** Whether a form may be recorded, and as what. Pure: the same form, request and time give the same judgement. */
import { cleanLines } from '../domain/clean-text';
import { COMMENT_LIMIT, NUMBER_DIGITS, WRONG_NUMBERS_KEPT } from '../domain/records';
import type { RequestMeta, Verdict } from '../domain/records';
import { sameNumber, shownNumber } from '../signing/link-key';
import { whatChanged } from './evidence-seen';
import type { Opened } from './link';

/** What the form sends; all of it is what a stranger typed. */
export interface AnswerForm {
  readonly verdict?: string;
  readonly number?: string;
  readonly comment?: string;
  readonly evidence?: string;
  readonly seen?: string;
}

/** Something the approver can put right, at the field it belongs to. */
export interface Problem {
  readonly field: 'number' | 'comment' | 'answer';
  readonly text: string;
}

export interface Judgement {
  /** What to sign and put, if anything. */
  readonly record?: { readonly verdict: Verdict; readonly comment: string };
  readonly problems: readonly Problem[];
  /** What is different from what the approver had in front of them. */
  readonly changes: readonly string[];
  /** Wrong numbers typed on this link, this one included. */
  readonly wrongNumbers: number;
}

export function judgeAnswer(opened: Opened, form: AnswerForm): Judgement {
  const wrongNumbers = opened.me.wrongNumbers ?? 0;
  const refuse = (...problems: readonly Problem[]): Judgement => ({ problems, changes: [], wrongNumbers });

  const closed = whyClosed(opened);
  if (closed !== undefined) {
    return refuse({ field: 'answer', text: closed });
  }
  const verdict = form.verdict;
  if (verdict !== 'APPROVE' && verdict !== 'REJECT') {
    return refuse({ field: 'answer', text: 'Choose Approve or Reject.' });
  }
  if (form.evidence !== opened.meta.evidence) {
    return { problems: [], changes: whatChanged(form.seen, opened.meta), wrongNumbers };
  }
  const locked = verdict === 'APPROVE' ? whyApproveLocked(opened.meta) : undefined;
  if (locked !== undefined) {
    return refuse({ field: 'answer', text: locked });
  }
  const proof = judgeNumber(opened, form.number ?? '');
  const comment = judgeComment(opened.meta, verdict, form.comment ?? '');
  const problems = [...proof.problems, ...comment.problems];
  if (problems.length > 0) {
    return { ...proof, problems, changes: [] };
  }
  return { record: { verdict, comment: comment.text }, problems, changes: [], wrongNumbers };
}

/** Revoking needs the number too: a mail scanner that presses every button must not take the link from its owner. */
export function judgeRevoke(opened: Opened, form: AnswerForm): Judgement {
  const proof = judgeNumber(opened, form.number ?? '');
  return proof.problems.length > 0 ? proof : { ...proof, record: { verdict: 'REVOKE', comment: '' } };
}

/** Why nobody with this link can answer now. */
export function whyClosed(opened: Opened): string | undefined {
  const { meta, me } = opened;
  if (meta.outcome !== undefined || meta.overtakenBy !== undefined) {
    return 'The gate already has its answer.';
  }
  if (me.excluded !== undefined) {
    return `You have no vote on this change: ${cleanLines(me.excluded, 300, 3)}`;
  }
  if (meta.evidence === undefined || meta.policy?.approvers === undefined) {
    return 'This gate does not take answers by link.';
  }
  return undefined;
}

/** Why Approve is locked although Reject is not: people and checks both have to agree here. */
export function whyApproveLocked(meta: RequestMeta): string | undefined {
  const rule = meta.policy?.checks;
  if (rule === undefined || rule.onInconclusive === 'ASK_APPROVERS') {
    return undefined;
  }
  const deciding = (meta.checks ?? []).filter((check) => !check.observeOnly);
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
function judgeNumber(opened: Opened, typed: string): Judgement {
  const wrongNumbers = opened.me.wrongNumbers ?? 0;
  const evidence = opened.meta.evidence ?? '';
  const digits = typed.normalize('NFKC').replace(/[\s-]/g, '');
  const known = NUMBER_DIGITS.find((step) => step.digits === digits.length)?.digits;
  const right = sameNumber(digits, shownNumber(opened.key, evidence, known ?? 4)) && known !== undefined;
  const fail = (text: string, count = wrongNumbers): Judgement => ({
    problems: [{ field: 'number', text }],
    changes: [],
    wrongNumbers: count,
  });
  if (digits === '') {
    return fail('Type the number that is shown above the field.');
  }
  if (right && digits.length >= digitsAfter(wrongNumbers)) {
    return { problems: [], changes: [], wrongNumbers };
  }
  if (right) {
    return fail('The number has become longer, because wrong ones were typed on this link. Type the new one.');
  }
  const count = wrongNumbers + 1;
  const times = count === 1 ? 'the first wrong number' : `wrong number ${Math.min(count, WRONG_NUMBERS_KEPT)}`;
  const failed = fail(`That is not the number shown. It was ${times} on this link; nothing else was recorded.`, count);
  return wrongNumbers < WRONG_NUMBERS_KEPT ? { ...failed, record: { verdict: 'WRONG_NUMBER', comment: '' } } : failed;
}

function judgeComment(
  meta: RequestMeta,
  verdict: 'APPROVE' | 'REJECT',
  typed: string,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const length = typed.replace(/\r\n/g, '\n').trim().length;
  const text = cleanLines(typed, COMMENT_LIMIT);
  const rule = meta.policy?.reason ?? 'ALWAYS';
  if (length > COMMENT_LIMIT) {
    const problem = `The reason has ${length} characters, ${COMMENT_LIMIT} are the most. Please shorten it.`;
    return { text, problems: [{ field: 'comment', text: problem }] };
  }
  if (text === '' && (rule === 'ALWAYS' || (rule === 'FOR_REJECTION' && verdict === 'REJECT'))) {
    const answer = verdict === 'APPROVE' ? 'approve' : 'reject';
    return { text, problems: [{ field: 'comment', text: `Say why you ${answer}: this gate wants a reason.` }] };
  }
  return { text, problems: [] };
}
