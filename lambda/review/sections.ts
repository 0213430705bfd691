/** What the page shows about a request. Everything is escaped by the template; everything foreign is cleaned first. */
import { html } from 'hono/html';
import { fillGroups, isShort, membersOf, quorumOf, type FilledGroup } from '../../contract/groups';
import { checksOf, peopleOf, type PeopleRule } from '../../contract/policy';
import { cleanLines, cleanText } from '../domain/clean-text';
import { nameOf } from '../domain/count-votes';
import { detailsOf } from '../domain/decision-details';
import { approvalsInWords } from '../domain/group-words';
import { hasFailed, whyPeopleDecide } from '../domain/left-to-people';
import type { Revision, Waiting } from '../domain/request';
import { groupsNow } from '../domain/responses';
import { isLive, rejectionSentence, rollbackSentence } from '../domain/run-sentences';
import { calendarName, windowInWords } from '../domain/window';
import type { Invitation, Vote } from '../domain/vote';
import { checkPart } from './check-part';
import { filledBy } from './fields-part';
import { answerLabel, answerTone, type Label } from './labels';
import { voteOf, type Question } from './link';
import { linesOf, NOTHING, safeLink, tag, timeOf, type Html } from './markup';
import { placeOf } from './place-part';

/** That this is a rollback, before anything else: a no means something else then. */
export function rollbackPart({ run, shown }: Waiting): Html {
  const sentence = rollbackSentence(run);
  return sentence === undefined
    ? NOTHING
    : html`<div class="note wait text">
        <p><strong>This is a rollback.</strong> ${sentence} Rejecting rolls nothing back.</p>
        ${shown.newerRunWaiting ? html`<p>A newer run waits behind it. Rejecting lets that run in.</p>` : NOTHING}
      </div>`;
}

/** That it serves already, before anything else: a yes keeps it then. */
export function livePart(request: Waiting): Html {
  const { asked } = request;
  const why = whyPeopleDecide(request);
  return isLive(request)
    ? html`<div class="note ${hasFailed(request) ? 'bad' : 'wait'} text">
        <p><strong>This change is live in ${cleanText(asked.stage, 100)} already.</strong> ${why}</p>
      </div>`
    : NOTHING;
}

export function changeSection({ run }: Waiting): Html {
  const review = safeLink(run.reviewUrl);
  return html`<section class="card" aria-labelledby="change">
    <h2 id="change">The change</h2>
    ${
      run.revisions.length === 0
        ? html`<p class="soft">CodePipeline does not name a revision for this run.</p>`
        : run.revisions.slice(0, 10).map(revisionPart)
    }
    ${run.text === undefined ? NOTHING : html`<p class="well text">${linesOf(cleanLines(run.text, 2_000))}</p>`}
    ${
      run.reviewUrl === undefined
        ? NOTHING
        : review === undefined
          ? html`<p class="small soft text">Review: ${cleanText(run.reviewUrl, 300)}</p>`
          : html`<p>
              <a class="go" href="${review}" rel="noreferrer noopener" target="_blank">Open the review page ↗</a>
            </p>`
    }
  </section>`;
}

function revisionPart(revision: Revision): Html {
  const lines = cleanLines(revision.message ?? '', 4_000, 60).split('\n');
  const title = cleanText(lines[0] ?? '', 300);
  const rest = lines.slice(1).join('\n').trim();
  const link = safeLink(revision.url);
  const id = cleanText(revision.id, 100);
  const short = /^[0-9a-f]{40}$/.test(id) ? id.slice(0, 12) : id;
  const author = cleanText(revision.author ?? '', 100);
  return html`<div class="revision">
    <p class="message text">${title === '' ? 'No message' : title}</p>
    <p class="small soft text">
      ${author === '' ? NOTHING : html`${author} · `}<code>${short}</code> · ${cleanText(revision.name, 100)}
    </p>
    ${
      rest === ''
        ? NOTHING
        : html`<details>
            <summary>The whole message</summary>
            <p class="small text">${linesOf(rest)}</p>
          </details>`
    }
    ${
      link === undefined
        ? revision.url === undefined
          ? NOTHING
          : html`<p class="small soft text">${cleanText(revision.url, 300)}</p>`
        : html`<p><a class="go" href="${link}" rel="noreferrer noopener" target="_blank">See what changed ↗</a></p>`
    }
  </div>`;
}

/** @param closed whoever reads it has no answer */
export function effectSection(request: Waiting, closed = false): Html {
  const { asked, run, shown } = request;
  const stage = cleanText(asked.stage, 100);
  const groups = peopleOf(shown.policy.rule)?.groups ?? [];
  const what = run.kind.type === 'ROLLBACK' ? 'rollback' : 'change';
  return html`<section class="card" aria-labelledby="effect">
    <h2 id="effect">What ${closed ? 'an' : 'your'} answer does</h2>
    <dl>
      <div>
        <dt>Approve</dt>
        <dd>
          ${approvalSentence(request, groups, stage, what)}
          ${shown.policy.window === undefined ? NOTHING : `Only in its deployment window: ${windowInWords(shown.policy.window)}.`}
          ${shown.policy.freezes === undefined ? NOTHING : `Not while a change calendar is closed: ${shown.policy.freezes.map(calendarName).join(', ')}.`}
        </dd>
      </div>
      <div>
        <dt>Reject</dt>
        <dd>Ends it for everyone. ${rejectionSentence(run, stage, shown.newerRunWaiting)}</dd>
      </div>
      <div>
        <dt>Live in ${stage} now</dt>
        <dd>
          ${
            run.serving.length === 0
              ? 'Nothing, as far as CodePipeline knows.'
              : html`<ul>
                  ${run.serving.slice(0, 5).map((revision) => servingPart(revision, run.revisions, what))}
                </ul>`
          }
        </dd>
      </div>
    </dl>
    ${shown.newerRunWaiting && run.kind.type === 'STANDARD' ? html`<p class="note wait">A newer run is waiting behind this one.</p>` : NOTHING}
  </section>`;
}

function approvalSentence(request: Waiting, groups: PeopleRule['groups'], stage: string, what: string): string {
  if (quorumOf(groups) > 1) {
    const then = isLive(request) ? 'it stays live, and the run goes on' : `${stage} goes ahead`;
    return `Counts as one of ${approvalsInWords(groups)}. With the last one, ${then}.`;
  }
  return isLive(request) ? 'It stays live, and the run goes on.' : `${stage} goes ahead with this ${what}.`;
}

/** At a gate after a deployment the change itself may serve already. */
function servingPart(revision: Revision, asking: readonly Revision[], what: string): Html {
  const isItself = asking.some(({ name, id }) => name === revision.name && id === revision.id);
  const message = cleanText((revision.message ?? '').split('\n', 1)[0] ?? '', 120);
  return html`<li class="text">
    <code>${cleanText(revision.id, 100).slice(0, 12)}</code> ${message}${isItself ? ` (this ${what} itself)` : ''}
  </li>`;
}

export function checksSection({ request: { shown }, tallies }: Question): Html {
  if (checksOf(shown.policy.rule) === undefined) {
    return NOTHING;
  }
  const why = whyPeopleDecide({ shown });
  return html`<section class="card" aria-labelledby="checks">
    <h2 id="checks">Checks</h2>
    ${why === undefined ? NOTHING : html`<p class="soft">${why}</p>`}
    <div id="live-checks" data-live>
      ${
        shown.checks.length === 0
          ? html`<p class="soft">No check has been read yet.</p>`
          : html`<ul class="rows">
              ${shown.checks.slice(0, 50).map((check) =>
                checkPart(
                  check,
                  tallies.find(({ checkId }) => checkId === check.id),
                ),
              )}
            </ul>`
      }
    </div>
  </section>`;
}

export function peopleSection(question: Question): Html {
  const { request, invitations, votes } = question;
  const { run, shown } = request;
  const people = peopleOf(shown.policy.rule);
  if (people === undefined) {
    return NOTHING;
  }
  const yes = invitations.filter((invitation) => counts(invitation, voteOf(votes, invitation.approver)));
  const groups = fillGroups(
    groupsNow(people.groups, request.responses),
    yes.map(({ approver }) => approver),
  );
  const members = new Set(membersOf(groups));
  const others = invitations.filter(({ approver }) => !members.has(approver));
  const rows = (those: readonly Invitation[], group?: FilledGroup): Html =>
    those.length === 0
      ? NOTHING
      : html`<ul class="rows">
          ${those
            .slice(0, 100)
            .map((one) =>
              personPart(question, one, voteOf(votes, one.approver), [
                placeOf(request.responses, one.approver),
                elsewhereOf(one, group, groups),
              ]),
            )}
        </ul>`;
  return html`<section class="card" aria-labelledby="people">
    <h2 id="people">Who was asked</h2>
    ${
      people.excludeAuthor && run.authors.length === 0
        ? html`<p class="note wait field">
            Author unknown: CodePipeline does not say who wrote this change, so nobody is kept from approving their own.
          </p>`
        : NOTHING
    }
    <div id="live-people" data-live>
      ${shown.addedToLists === undefined ? NOTHING : addedPart(shown.addedToLists)}
      ${groups.map((group) => {
        const asked = invitations.filter(({ approver }) => group.ids.includes(approver));
        return html`${groupPart(group)} ${rows(asked, group)}`;
      })}
      ${rows(others)}
    </div>
  </section>`;
}

/** Whoever edits a list while a request waits is seen by everybody who was asked. */
function addedPart(count: number): Html {
  const [who, have] = count === 1 ? ['1 person was', 'has'] : [`${count} people were`, 'have'];
  return html`<p class="note wait field">
    ${who} added to the list of approvers after this request was made, and ${have} no vote on it.
  </p>`;
}

/** How many a group needs and has, and what it lacks where there are several. */
function groupPart(group: FilledGroup): Html {
  const { name, quorum, filledBy } = group;
  const lack = isShort(group) ? `${quorum - filledBy.length} more to go.` : 'That is enough.';
  return html`${name === undefined ? NOTHING : html`<h3 class="text">${cleanText(name, 64)}</h3>`}
    <p class="soft">
      <span class="pips" aria-hidden="true"
        >${Array.from({ length: Math.min(quorum, 9) }, (_, n) => (n < filledBy.length ? html`<i class="on"></i>` : html`<i></i>`))}</span
      >
      ${filledBy.length} of ${quorum} ${quorum === 1 ? 'approval' : 'approvals'} so far.
      ${name === undefined ? NOTHING : lack}
    </p>`;
}

/** Where somebody who is in several groups counts, if not in the one they are shown in. */
function elsewhereOf(
  { approver }: Invitation,
  shownIn: FilledGroup | undefined,
  groups: readonly FilledGroup[],
): string {
  const place = groups.find(({ filledBy }) => filledBy.includes(approver));
  return place?.name === undefined || place.name === shownIn?.name ? '' : `counts for ${cleanText(place.name, 64)}`;
}

/** Whether this vote is one of the yeses that the gate needs. */
function counts({ excluded }: Invitation, vote: Vote | undefined): boolean {
  return excluded === undefined && vote?.verdict === 'APPROVE' && vote.current;
}

function personPart(
  question: Question,
  invitation: Invitation,
  vote: Vote | undefined,
  notes: readonly string[],
): Html {
  const isReader = invitation.approver === question.link.approver;
  const filled = filledBy(question, vote);
  const reason = vote === undefined ? '' : cleanText(vote.comment, 400);
  const { notBefore } = vote === undefined ? {} : detailsOf(vote);
  return html`<li>
    <div>
      <p class="text">${cleanText(nameOf(invitation), 120)}${isReader ? ' (you)' : ''}</p>
      ${invitation.excluded === undefined ? NOTHING : html`<p class="small soft text">${cleanText(invitation.excluded, 200)}</p>`}
      ${notes.filter((note) => note !== '').map((note) => html`<p class="small soft text">${note}</p>`)}
      ${notBefore === undefined ? NOTHING : html`<p class="small soft">to start no earlier than ${timeOf(notBefore)}</p>`}
      ${filled === '' ? NOTHING : html`<p class="small soft text">${filled}</p>`}
      ${reason === '' ? NOTHING : html`<p class="small soft text">“${reason}”</p>`}
    </div>
    ${tag(personLabel(invitation, vote))}
  </li>`;
}

function personLabel(invitation: Invitation, vote: Vote | undefined): Label {
  if (invitation.excluded !== undefined) {
    return { text: 'no vote', tone: '' };
  }
  if (vote?.verdict === 'APPROVE' && !vote.current) {
    return { text: 'approved an older view', tone: 'wait' };
  }
  if (vote !== undefined) {
    return { text: answerLabel(vote.verdict), tone: answerTone(vote.verdict) };
  }
  return invitation.mailbox === 'pending' || invitation.mailbox === 'missing'
    ? { text: 'email not confirmed', tone: 'wait' }
    : { text: 'no answer yet', tone: '' };
}

export function runLine({ run, asking }: Waiting): Html {
  const starter = cleanText(run.startedBy ?? '', 120);
  return html`<p class="small soft run">
    Run <code>${cleanText(run.executionId, 60)}</code>${starter === '' ? NOTHING : html`, started by ${starter}`}${
      asking === undefined ? NOTHING : html`, asked ${timeOf(asking.since)}`
    }
  </p>`;
}
