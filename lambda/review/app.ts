/** The routes of personal links. GET and HEAD only read; a POST puts at most one signed row. */
import type { GateName } from '../../contract/policy';
import { errorName, log } from '../aws/log';
import { cleanLines } from '../domain/clean-text';
import { gateOf, type Shown } from '../domain/request';
import { millis } from '../domain/time';
import { isVerdict } from '../domain/vote';
import { judgeAnswer, judgeReview, judgeRevocation, type Judgement } from './answer';
import type { Call } from './call';
import { dashboardAnswer, type DashboardSite } from './dashboard/app';
import { isOfDashboard } from './dashboard/places';
import { dead, type Answer } from './reply';
import { decisionRow } from './decision-row';
import type { Ending } from './ending';
import { endingPage } from './ending-page';
import { typedFields } from './fields-part';
import { openLink, parseLink, type Opening, type Question } from './link';
import { comesFromOurPage } from './origin';
import { questionPage, type PageState } from './question-page';
import { failedPage, foreignPage, revokedPage, tooLargePage } from './refused-pages';
import type { Store } from './store';
import { parseSubmitted, type Submitted } from './submitted';

/** So much of a reason comes back to whoever has to shorten it. */
const COMMENT_SHOWN_AGAIN = 2_000;

const PATH = /^\/r\/([^/]+)(|\/status|\/revoke)$/;

/**
 * @param timeZone in which approvers type times
 * @param dashboardOf undefined where the workflow has no dashboard
 */
export function reviewApp(
  storeOf: () => Store,
  timeZone: string,
  dashboardOf?: () => DashboardSite,
): (call: Call) => Promise<Answer> {
  return async (call) => {
    try {
      const dashboard = isOfDashboard(call.path) ? dashboardOf?.() : undefined;
      const refusal = call.method === 'POST' ? refusalOf(call, dashboard) : undefined;
      if (refusal !== undefined) {
        return refusal;
      }
      return dashboard === undefined
        ? await new Review(storeOf, call, timeZone).answer()
        : await dashboardAnswer(dashboard, call, timeZone);
    } catch (error) {
      log('ERROR', 'the review page failed', { error: errorName(error) });
      return { status: 500, page: failedPage() };
    }
  };
}

/** One call from its route to its answer. */
class Review {
  constructor(
    private readonly storeOf: () => Store,
    private readonly call: Call,
    private readonly timeZone: string,
  ) {}

  async answer(): Promise<Answer> {
    const { method, path } = this.call;
    const [, requestId = '', route] = PATH.exec(path) ?? [];
    switch (route === undefined ? undefined : `${method} ${route}`) {
      case 'GET ':
      case 'HEAD ':
        return this.show(await this.open(requestId, this.call.query));
      case 'POST /status':
        return this.show(await this.open(requestId, this.call.form), parseSubmitted(this.call.form.get('submitted')));
      case 'POST ':
        return this.submit(await this.open(requestId, this.call.form));
      case 'POST /revoke':
        return this.revoke(await this.open(requestId, this.call.form));
      default:
        return dead();
    }
  }

  private async open(requestId: string, fields: URLSearchParams): Promise<Opening | undefined> {
    const link = parseLink(requestId, fields.get('by'), fields.get('key'));
    return link === undefined ? undefined : openLink(this.storeOf(), link, this.call.now);
  }

  private show(opening: Opening | undefined, submitted?: Submitted): Answer {
    switch (opening?.kind) {
      case undefined:
        return dead();
      case 'QUESTION':
        return this.question(opening, { submitted }, 200);
      case 'ENDING':
        return { status: 200, page: endingPage(opening, submitted) };
    }
  }

  private async submit(opening: Opening | undefined): Promise<Answer> {
    const { form } = this.call;
    if (opening?.kind === 'ENDING' && opening.review !== undefined && form.get('verdict') === 'REVIEWED') {
      return this.review(opening, opening.review.evidence);
    }
    if (opening?.kind !== 'QUESTION') {
      return this.tooLate(opening);
    }
    const comment = form.get('comment') ?? '';
    const start = { date: form.get('start-date') ?? '', time: form.get('start-time') ?? '' };
    const fields = typedFields(form);
    const judgement = judgeAnswer(
      opening,
      {
        verdict: form.get('verdict') ?? '',
        number: form.get('number') ?? '',
        comment,
        evidence: form.get('evidence') ?? '',
        seen: form.get('seen') ?? '',
        start,
        fields,
      },
      { now: this.call.now, timeZone: this.timeZone },
    );
    await this.record(opening, judgement);
    const verdict = judgement.record?.submission;
    const notBefore = judgement.record?.details?.notBefore;
    const startsLater = notBefore === undefined ? {} : { notBefore };
    return isVerdict(verdict)
      ? this.question(opening, { submitted: { verdict, seq: millis(this.call.now), ...startsLater }, fields }, 200)
      : this.question(
          opening,
          {
            ...judgement,
            comment: cleanLines(comment, COMMENT_SHOWN_AGAIN),
            start,
            fields,
            isEmergency: form.get('verdict') === 'BREAK_GLASS',
          },
          judgement.problems.length > 0 ? 422 : 409,
        );
  }

  private async review(ending: Ending, evidence: string): Promise<Answer> {
    const { form } = this.call;
    const comment = form.get('comment') ?? '';
    const typed = { number: form.get('number') ?? '', comment, evidence: form.get('evidence') ?? '' };
    const judgement = judgeReview(ending, typed);
    await this.record({ link: ending.link, request: { asked: ending.gate, shown: { evidence } } }, judgement);
    return judgement.record?.submission === 'REVIEWED'
      ? { status: 200, page: endingPage(ending, undefined, 'RECORDED') }
      : {
          status: 422,
          page: endingPage(ending, undefined, { ...judgement, comment: cleanLines(comment, COMMENT_SHOWN_AGAIN) }),
        };
  }

  private async revoke(opening: Opening | undefined): Promise<Answer> {
    if (opening?.kind !== 'QUESTION') {
      return this.tooLate(opening);
    }
    const judgement = judgeRevocation(opening, this.call.form.get('number') ?? '');
    await this.record(opening, judgement);
    return judgement.record?.submission === 'REVOKE'
      ? { status: 200, page: revokedPage() }
      : this.question(opening, judgement, 422);
  }

  /** What arrives after the end is told so, and not recorded. */
  private tooLate(opening: Exclude<Opening, Question> | undefined): Answer {
    if (opening === undefined) {
      return dead();
    }
    const submitted = parseSubmitted(`${this.call.form.get('verdict')}@${millis(this.call.now)}`);
    return { status: 409, page: endingPage(opening, submitted) };
  }

  private async record(
    { link, request }: Pick<Question, 'link'> & { readonly request: Signed },
    { record }: Judgement,
  ): Promise<void> {
    if (record === undefined) {
      return;
    }
    await this.storeOf().record(decisionRow({ link, request }, record, this.call.now));
    const keys = { requestId: link.requestId, ...gateOf(request), approver: link.approver };
    log('INFO', `recorded ${record.submission}`, keys);
  }

  private question(question: Question, state: Partial<PageState>, status: 200 | 409 | 422): Answer {
    const page: PageState = {
      problems: [],
      changes: [],
      comment: '',
      number: '',
      isEmergency: false,
      wrongNumbers: question.me.wrongNumbers ?? 0,
      ...state,
      question,
      now: this.call.now,
      timeZone: this.timeZone,
    };
    return { status, page: questionPage(page) };
  }
}

/** What a decision has to know of its request. */
interface Signed {
  readonly asked: GateName;
  readonly shown: Pick<Shown, 'evidence'>;
}

function refusalOf({ origin, fetchSite, domain, tooLarge }: Call, dashboard?: DashboardSite): Answer | undefined {
  if (!comesFromOurPage(origin, fetchSite, hostOf(dashboard) ?? domain)) {
    return { status: 403, page: foreignPage() };
  }
  return tooLarge ? { status: 413, page: tooLargePage() } : undefined;
}

/** What stands in front of the dashboard may have a name of its own: then its pages are those of that name, and of no other. */
function hostOf(dashboard: DashboardSite | undefined): string | undefined {
  const address = dashboard?.access.kind === 'BEHIND_AUTHORIZER' ? dashboard.access.address : undefined;
  return address !== undefined && URL.canParse(address) ? new URL(address).host : address;
}
