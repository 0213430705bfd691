/** The routes. GET, HEAD and OPTIONS only read; a POST puts at most one signed row. */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { errorName, log } from '../aws/log';
import { cleanLines } from '../domain/clean-text';
import type { Verdict } from '../domain/records';
import { judgeAnswer, judgeRevoke } from './answer';
import { decisionRow } from './decision-row';
import { isAlive, openLink, parseLink } from './link';
import type { Opened } from './link';
import { comesFromOurPage } from './origin';
import { reviewPage } from './page';
import type { PageState, Said } from './page';
import { deadPage, failedPage, foreignPage, revokedPage, tooLargePage } from './refused';
import type { Html } from './sections';
import type { Store } from './store';

/** What the API says about a request: its clock and its own name are believed, nothing else is. */
export interface Bindings {
  readonly requestContext: { readonly timeEpoch: number; readonly domainName: string };
}

type Env = { readonly Bindings: Bindings };
type Call = Context<Env>;

/** A reason of 400 characters in the longest encoding, several times over. */
const BODY_LIMIT = 16_384;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
const SAID = /^(APPROVE|REJECT)@(\d{1,15})$/;

export function reviewApp(storeOf: () => Store): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/r/:request', async (c) => {
    const link = parseLink(c.req.param('request'), c.req.query('by'), c.req.query('key'));
    const opened = link === undefined ? undefined : await openLink(storeOf(), link);
    return opened === undefined || !isAlive(opened.meta, now(c)) ? dead(c) : show(c, opened, {});
  });

  app.use(async (c, next) => {
    if (c.req.method !== 'POST') {
      return next();
    }
    if (!comesFromOurPage(c.req.header('origin'), c.req.header('sec-fetch-site'), c.env.requestContext.domainName)) {
      return answer(c, foreignPage(), 403);
    }
    if (Number(c.req.header('content-length') ?? '0') > BODY_LIMIT) {
      return answer(c, tooLargePage(), 413);
    }
    return next();
  });

  app.post('/r/:request', async (c) => {
    const form = await formOf(c);
    const opened = await openForm(storeOf, c, form);
    if (opened === undefined || !isAlive(opened.meta, now(c))) {
      return dead(c);
    }
    const comment = form.get('comment') ?? '';
    const judged = judgeAnswer(opened, {
      verdict: form.get('verdict') ?? undefined,
      number: form.get('number') ?? undefined,
      comment,
      evidence: form.get('evidence') ?? undefined,
      seen: form.get('seen') ?? undefined,
    });
    if (judged.record !== undefined) {
      await record(storeOf, c, opened, judged.record.verdict, judged.record.comment);
    }
    const verdict = judged.record?.verdict;
    return verdict === 'APPROVE' || verdict === 'REJECT'
      ? show(c, opened, { said: { verdict, seq: now(c) } })
      : show(c, opened, { ...judged, comment: cleanLines(comment, 2_000) }, judged.problems.length > 0 ? 422 : 409);
  });

  app.post('/r/:request/status', async (c) => {
    const form = await formOf(c);
    const opened = await openForm(storeOf, c, form);
    return opened === undefined ? dead(c) : show(c, opened, { said: saidOf(form.get('said')) });
  });

  app.post('/r/:request/revoke', async (c) => {
    const form = await formOf(c);
    const opened = await openForm(storeOf, c, form);
    if (opened === undefined || !isAlive(opened.meta, now(c))) {
      return dead(c);
    }
    const judged = judgeRevoke(opened, { number: form.get('number') ?? undefined });
    if (judged.record !== undefined) {
      await record(storeOf, c, opened, judged.record.verdict, judged.record.comment);
    }
    return judged.record?.verdict === 'REVOKE' ? answer(c, revokedPage(), 200) : show(c, opened, judged, 422);
  });

  app.notFound(dead);
  app.onError((error, c) => {
    log('ERROR', 'the review page failed', { error: errorName(error) });
    return answer(c, failedPage(), 500);
  });
  return app;
}

function now(c: Call): number {
  return c.env.requestContext.timeEpoch;
}

async function formOf(c: Call): Promise<URLSearchParams> {
  return new URLSearchParams(FORM_TYPE.test(c.req.header('content-type') ?? '') ? await c.req.text() : '');
}

async function openForm(storeOf: () => Store, c: Call, form: URLSearchParams): Promise<Opened | undefined> {
  const link = parseLink(c.req.param('request') ?? '', form.get('by'), form.get('key'));
  return link === undefined ? undefined : openLink(storeOf(), link);
}

/** A word of the approver's own page about itself: it colours the page, and decides nothing. */
function saidOf(field: string | null): Said | undefined {
  const [, verdict, seq] = SAID.exec(field ?? '') ?? [];
  return verdict === 'APPROVE' || verdict === 'REJECT' ? { verdict, seq: Number(seq) } : undefined;
}

async function record(storeOf: () => Store, c: Call, opened: Opened, verdict: Verdict, comment: string): Promise<void> {
  await storeOf().record(decisionRow(opened, verdict, comment, now(c)));
  const { pipeline, stage, action } = opened.meta;
  log('INFO', `recorded ${verdict}`, { requestId: opened.request, pipeline, stage, action, approver: opened.by });
}

function dead(c: Call): Response | Promise<Response> {
  return answer(c, deadPage(), 404);
}

function show(
  c: Call,
  opened: Opened,
  state: Partial<Omit<PageState, 'opened' | 'now'>>,
  status: 200 | 409 | 422 = 200,
): Response | Promise<Response> {
  const page: PageState = {
    problems: [],
    changes: [],
    comment: '',
    wrongNumbers: opened.me.wrongNumbers ?? 0,
    ...state,
    opened,
    now: now(c),
  };
  return answer(c, reviewPage(page), status);
}

function answer(c: Call, page: Html, status: 200 | 403 | 404 | 409 | 413 | 422 | 500): Response | Promise<Response> {
  return c.html(page, status);
}
