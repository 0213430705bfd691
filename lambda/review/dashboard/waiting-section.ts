/** What waits: for whom, since when, for how long still. */
import { html } from 'hono/html';
import { fillGroups, isShort, quorumOf } from '../../../contract/groups';
import { peopleOf, type PeopleRule, type Person } from '../../../contract/policy';
import { isNamedToBreakGlass } from '../../domain/break-glass';
import { cleanLines, cleanText } from '../../domain/clean-text';
import { isFollowedUp, reviewersOf } from '../../domain/follow-up';
import { heldInWords, isStillHeld } from '../../domain/opening';
import { weakeningSentence } from '../../domain/in-force';
import type { PipelineOverview } from '../../domain/overview';
import { endingOf, isKnown, type Held, type KnownRequest, type Request, type Response } from '../../domain/request';
import { groupsNow, placesTaken } from '../../domain/responses';
import { isBefore, millis } from '../../domain/time';
import { OUTCOMES, type Label } from '../labels';
import { gatePath } from '../layout';
import { NOTHING, safeLink, tag, timeOf, type Html } from '../markup';
import { placeOf } from '../place-part';
import { checkList } from './check-list';
import type { DashboardView } from './dashboard-page';
import { isFiltering, queryOf } from './filter';
import { ago, changeLine, left, personName, titleOf } from './names';

export function waitingSection(view: DashboardView): Html {
  const { waiting, viewer, filter } = view;
  const mine = (request: Request) => (mayAnswer(request, viewer.me.id, view.now) ? 0 : 1);
  const requests = [...waiting.requests].sort((a, b) => mine(a) - mine(b) || dueAt(a) - dueAt(b));
  return html`<section aria-labelledby="waiting" id="live-waiting" data-live>
    <h2 id="waiting">Waiting <span class="count">${requests.length}</span></h2>
    ${
      requests.length === 0
        ? html`<p class="empty">${isFiltering(filter) ? 'No waiting request matches.' : 'Nothing is waiting.'}</p>`
        : html`<ul class="cards">
            ${requests.map((request) => card(request, view))}
          </ul>`
    }
    ${waiting.isPart ? html`<p class="note wait">More requests are waiting than this page can show.</p>` : NOTHING}
  </section>`;
}

function dueAt(request: Request): number {
  return isKnown(request) ? millis(request.run.deadline) : millis(request.asked.at);
}

const HAS_NO_VOTE: readonly Response['kind'][] = ['EXCLUDED', 'AWAY'];

/** Whether this person was asked and may still say something. */
function mayAnswer(request: Request, approver: string, now: string): boolean {
  return (
    request.phase === 'WAITING' &&
    request.asking !== undefined &&
    isBefore(now, request.run.deadline) &&
    (request.run.invited.includes(approver) || placesTaken(request.responses, approver).length > 0) &&
    !(request.responses ?? []).some((one) => one.approver === approver && HAS_NO_VOTE.includes(one.kind))
  );
}

function card(request: Request, { viewer, overviews, filter, now, timeZone }: DashboardView): Html {
  const { people } = viewer;
  const me = viewer.me.id;
  const { asked, responses = [] } = request;
  const state = stateOf(request, now);
  const mine = mayAnswer(request, me, now);
  const answered = responses.some(({ approver }) => approver === me);
  return html`<li class="card request${mine && !answered ? ' mine' : ''}" id="r-${request.id}">
    <div class="top">${gatePath(asked)} ${tag(state)}</div>
    ${isKnown(request) ? knownPart(request, now) : html`<p class="soft">Asked ${ago(asked.at, now)}</p>`}
    ${followUpPart(request, people)} ${heldPart(request, now, timeZone)}
    ${request.consoleOnly === undefined ? NOTHING : html`<p class="small soft text">${cleanText(request.consoleOnly, 300)}</p>`}
    ${isKnown(request) ? checksPart(request, newerRunWaits(request, overviews)) : NOTHING}
    ${request.phase === 'WAITING' ? peoplePart(request, people, me) : NOTHING}
    ${
      mine
        ? html`<form class="act" method="post" action="/dashboard/link?${queryOf(filter)}">
            <input type="hidden" name="request" value="${request.id}" />
            <button class="${answered ? 'plain' : 'yes'}" type="submit">
              ${answered ? 'Email me my link again' : 'Email me my link to answer'}
            </button>
          </form>`
        : mayReview(request, people, me, now)
          ? html`<form class="act" method="post" action="/dashboard/link?${queryOf(filter)}">
              <input type="hidden" name="request" value="${request.id}" />
              <button class="yes" type="submit">Email me a link to close it</button>
            </form>`
          : mayOpenAlone(request, me, now)
            ? html`<form class="act" method="post" action="/dashboard/link?${queryOf(filter)}">
                <input type="hidden" name="request" value="${request.id}" />
                <button class="plain" type="submit">Email me a link for an emergency</button>
              </form>`
            : NOTHING
    }
  </li>`;
}

/** By the policy as the request knew it last: who really may is judged when the answer comes. */
function mayReview(request: Request, people: readonly Person[], approver: string, now: string): boolean {
  return (
    isFollowedUp(request) &&
    reviewersOf(request, peopleOf(request.shown.policy.rule), people, now).some(({ id }) => id === approver)
  );
}

function followUpPart(request: Request, people: readonly Person[]): Html {
  if (!isFollowedUp(request)) {
    return NOTHING;
  }
  const { since, openedBy } = request.followUp;
  const who = openedBy.map((id) => personName(people, id)).join(', ');
  return html`<div class="note wait small">
    <p class="text">${cleanText(request.outcome.summary, 512)}</p>
    <p>Follow-up open since ${timeOf(since)}, by ${who}: a second person has to close it.</p>
  </div>`;
}

/** Whether this person, who was not asked, may open it in an emergency. Whoever was asked does that by the link to answer. */
function mayOpenAlone(request: Request, approver: string, now: string): boolean {
  return (
    request.phase === 'WAITING' &&
    isBefore(now, request.run.deadline) &&
    isNamedToBreakGlass(request.run, peopleOf(request.shown.policy.rule), approver)
  );
}

/** That it is approved, and when it goes ahead. */
function heldPart(request: Request, now: string, timeZone: string): Html {
  const held = heldOf(request, now);
  return held === undefined || !isKnown(request)
    ? NOTHING
    : html`<p class="note wait small text">
        ${cleanLines(heldInWords(held, request.shown.policy.window?.timeZone ?? timeZone), 800, 4)}
      </p>`;
}

function heldOf({ phase, held }: Request, now: string): Held | undefined {
  const isOut = phase === 'DELIVERED' || phase === 'CLOSED';
  return held === undefined || isOut || !isStillHeld(held, now) ? undefined : held;
}

function knownPart({ run, shown, asked }: KnownRequest, now: string): Html {
  const review = safeLink(run.reviewUrl);
  const weakening = weakeningSentence(shown.proposed);
  return html`<h3 class="message text">${titleOf(run.revisions)}</h3>
    <p class="small soft text">
      ${changeLine(run.revisions)} · asked ${ago(asked.at, now)} · ${left(run.deadline, now)}
    </p>
    ${
      run.kind.type === 'ROLLBACK'
        ? html`<p class="note wait small">
            This is a rollback${run.kind.automatic ? ', started by CodePipeline' : ''}.
          </p>`
        : NOTHING
    }
    ${weakening === undefined ? NOTHING : html`<p class="note wait small text">${cleanText(weakening, 400)}</p>`}
    ${
      review === undefined
        ? NOTHING
        : html`<p><a class="go small" href="${review}" rel="noreferrer noopener" target="_blank">Review ↗</a></p>`
    }`;
}

/** The request says it at its looks, CodePipeline whenever the dashboard asks it. */
function newerRunWaits({ asked, run, shown }: KnownRequest, overviews: readonly PipelineOverview[]): boolean {
  const stage = overviews
    .find(({ pipeline }) => pipeline === asked.pipeline)
    ?.stages.find((one) => one.stage === asked.stage);
  return shown.newerRunWaiting || (stage?.behind !== undefined && stage.latest?.executionId === run.executionId);
}

function checksPart({ shown: { checks } }: KnownRequest, newerRunWaiting: boolean): Html {
  const newer = newerRunWaiting ? html`<li><span class="tag wait">newer run waiting</span></li>` : NOTHING;
  if (checks.length === 0 && !newerRunWaiting) {
    return NOTHING;
  }
  return html`${
    newerRunWaiting
      ? html`<ul class="chips">
          ${newer}
        </ul>`
      : NOTHING
  }${checkList(checks)}`;
}

const RESPONSES: Readonly<Record<Response['kind'], Label>> = {
  APPROVED: { text: 'approved', tone: 'good' },
  REJECTED: { text: 'rejected', tone: 'bad' },
  OPENED: { text: 'opened in an emergency', tone: 'wait' },
  OUTDATED: { text: 'approved an older view', tone: 'wait' },
  EXCLUDED: { text: 'no vote', tone: '' },
  AWAY: { text: 'away', tone: '' },
};

function peoplePart({ run, shown, asking, responses = [] }: KnownRequest, people: readonly Person[], me: string): Html {
  const rule = peopleOf(shown.policy.rule);
  if (asking === undefined || rule === undefined) {
    return NOTHING;
  }
  const asked = [...new Set([...run.invited, ...delegatesIn(responses)])];
  return html`${howMany(
      asked.filter((id) => people.some((one) => one.id === id)),
      rule,
      responses,
    )}
    <ul class="chips people">
      ${asked.slice(0, 30).map((approver) => {
        const response = responses.find((one) => one.approver === approver);
        const { text, tone } = response === undefined ? { text: 'no answer yet', tone: '' } : RESPONSES[response.kind];
        const who = approver === me ? 'You' : personName(people, approver);
        const whose = placeOf(responses, approver);
        const named = `${who}${groupsOf(approver, rule, responses)}${whose === '' ? '' : `, ${whose}`}`;
        return html`<li><span class="tag ${tone}">${named}: ${text}</span></li>`;
      })}
    </ul>`;
}

/** `1 of these 3 has to approve.` Where groups have names, the card names those that are short. */
function howMany(asked: readonly string[], { groups }: PeopleRule, responses: readonly Response[]): Html {
  const now = groupsNow(groups, responses);
  const withoutVote = responses.filter(({ kind }) => HAS_NO_VOTE.includes(kind)).map(({ approver }) => approver);
  const voters = asked.filter((approver) => !withoutVote.includes(approver)).length;
  const needed = quorumOf(now);
  if (voters < 2 || needed > voters || now.some(({ name }) => name !== undefined)) {
    return NOTHING;
  }
  const who =
    needed < voters ? `${needed} of these ${voters}` : needed === 2 ? 'Both of them' : `All ${needed} of them`;
  return html`<p class="small soft">${who} ${needed === 1 ? 'has' : 'have'} to approve.</p>`;
}

/** Whoever has the place of somebody else. */
function delegatesIn(responses: readonly Response[]): readonly string[] {
  return responses.flatMap(({ delegate }) => delegate ?? []);
}

/** ` (Security, Operations)`, where the groups have names. */
function groupsOf(approver: string, { groups }: PeopleRule, responses: readonly Response[]): string {
  const names = groupsNow(groups, responses).flatMap(({ name, ids }) =>
    name !== undefined && ids.includes(approver) ? [name] : [],
  );
  return names.length === 0 ? '' : ` (${cleanText(names.join(', '), 80)})`;
}

function stateOf(request: Request, now: string): Label {
  if (isFollowedUp(request)) {
    return { text: 'follow-up open', tone: 'bad' };
  }
  if (request.consoleOnly !== undefined && request.phase !== 'DECIDED') {
    return { text: 'needs the console', tone: 'bad' };
  }
  if (heldOf(request, now) !== undefined) {
    return { text: 'approved, held back', tone: 'wait' };
  }
  switch (request.phase) {
    case 'OPENED':
      return { text: 'finding its run', tone: '' };
    case 'WAITING':
      return waitingFor(request);
    case 'DECIDED':
      return request.consoleOnly === undefined
        ? { text: `${OUTCOMES[request.outcome.kind].text}, being delivered`, tone: 'wait' }
        : { text: `${OUTCOMES[request.outcome.kind].text}, held back`, tone: 'wait' };
    case 'DELIVERED':
    case 'CLOSED':
      return { text: `${OUTCOMES[endingOf(request).kind].text}, sending emails`, tone: 'good' };
  }
}

function waitingFor({ asking, shown, responses = [] }: Extract<Request, { readonly phase: 'WAITING' }>): Label {
  const people = peopleOf(shown.policy.rule);
  if (asking === undefined || people === undefined) {
    return { text: 'watching checks', tone: '' };
  }
  const yes = responses.filter(({ kind }) => kind === 'APPROVED').map(({ approver }) => approver);
  const filled = fillGroups(groupsNow(people.groups, responses), yes);
  const needed = quorumOf(people.groups);
  const short = filled.filter(isShort).flatMap(({ name }) => name ?? []);
  if (short.length > 0) {
    return { text: `waiting for ${cleanText(short.join(', '), 80)}`, tone: 'wait' };
  }
  const given = filled.reduce((sum, { filledBy }) => sum + filledBy.length, 0);
  return { text: needed === 1 ? 'waiting for one approval' : `${given} of ${needed} approvals`, tone: 'wait' };
}
