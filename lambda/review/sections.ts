/** What the page shows about a request. Everything is escaped by the template; everything foreign is cleaned first. */
import { html } from 'hono/html';
import { afterNo, type AfterNo } from '../domain/after-no';
import { cleanLines, cleanText } from '../domain/clean-text';
import { plainTime } from '../domain/plain-time';
import type { CheckState, Invitation, RequestMeta, Revision, Vote } from '../domain/records';
import type { Opened } from './link';
import { answerWord, verdictWord } from './words';

export type Html = ReturnType<typeof html>;

const NOTHING = html``;

/** Foreign text with its line breaks. */
export function linesOf(text: string): Html {
  return html`${text.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`))}`;
}

/** Only https: becomes a link; anything else is text. */
export function safeLink(url: string | undefined): string | undefined {
  if (url === undefined || url.length > 2_000 || !URL.canParse(url)) {
    return undefined;
  }
  const parsed = new URL(url);
  return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
}

export function changeSection(meta: RequestMeta): Html {
  const revisions = meta.revisions ?? [];
  const review = safeLink(meta.reviewUrl);
  return html`<section class="card" aria-labelledby="change">
    <h2 id="change">The change</h2>
    ${
      revisions.length === 0
        ? html`<p class="soft">CodePipeline names no revision for this run.</p>`
        : revisions.slice(0, 10).map(revisionPart)
    }
    ${meta.text === undefined ? NOTHING : html`<p class="well text">${linesOf(cleanLines(meta.text, 2_000))}</p>`}
    ${
      meta.reviewUrl === undefined
        ? NOTHING
        : review === undefined
          ? html`<p class="small soft text">Review: ${cleanText(meta.reviewUrl, 300)}</p>`
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

const CONSEQUENCES: Readonly<Record<AfterNo, (stage: string) => string>> = {
  STAYS: (stage) => `the change stops before the rest of ${stage}. What runs there stays as it is.`,
  GOES_BACK: (stage) => `${stage} stops and is rolled back to its last good version.`,
  NOTHING_TO_GO_BACK_TO: (stage) => `${stage} stops. It has no good version yet to go back to.`,
};

export function effectSection(meta: RequestMeta): Html {
  const stage = cleanText(meta.stage, 100);
  const deployed = meta.deployedNow ?? [];
  const quorum = meta.policy?.approvers?.quorum ?? 1;
  return html`<section class="card" aria-labelledby="effect">
    <h2 id="effect">What your answer does</h2>
    <dl>
      <div>
        <dt>Approve</dt>
        <dd>
          ${quorum > 1 ? `Counts as one of ${quorum} yeses. With the last one ${stage} goes on.` : `${stage} goes on with this change.`}
        </dd>
      </div>
      <div>
        <dt>Reject</dt>
        <dd>${`Ends it for everyone: ${CONSEQUENCES[afterNo(meta)](stage)}`}</dd>
      </div>
      <div>
        <dt>Deployed in ${stage} now</dt>
        <dd>
          ${
            deployed.length === 0
              ? 'Nothing that CodePipeline knows of.'
              : html`<ul>
                  ${deployed.slice(0, 5).map(deployedPart)}
                </ul>`
          }
        </dd>
      </div>
    </dl>
    ${meta.newerRunWaiting === true ? html`<p class="note wait">A newer run is waiting behind this one.</p>` : NOTHING}
  </section>`;
}

function deployedPart(revision: Revision): Html {
  const message = cleanText((revision.message ?? '').split('\n', 1)[0] ?? '', 120);
  return html`<li class="text"><code>${cleanText(revision.id, 100).slice(0, 12)}</code> ${message}</li>`;
}

const VERDICT_TONES: Readonly<Record<CheckState['verdict'], string>> = {
  PASS: 'good',
  FAIL: 'bad',
  INCONCLUSIVE: 'wait',
  ERROR: 'wait',
  RUNNING: '',
};

export function checksSection(meta: RequestMeta): Html {
  const checks = meta.checks ?? [];
  if (checks.length === 0 && meta.policy?.checks === undefined) {
    return NOTHING;
  }
  return html`<section class="card" aria-labelledby="checks">
    <h2 id="checks">Checks</h2>
    ${
      meta.policy?.checks?.onInconclusive === 'ASK_APPROVERS'
        ? html`<p class="soft">They could not tell whether all is well, so people are asked.</p>`
        : NOTHING
    }
    <div id="live-checks" data-live>
      ${
        checks.length === 0
          ? html`<p class="soft">No check has been read yet.</p>`
          : html`<ul class="rows">
              ${checks.slice(0, 50).map(
                (check) =>
                  html`<li>
                    <div>
                      <p class="text">
                        ${cleanText(check.title, 120)}${check.observeOnly ? html` <span class="soft small">(only watched)</span>` : NOTHING}
                      </p>
                      <p class="small soft text">${cleanText(check.reason, 300)}</p>
                    </div>
                    <span class="tag ${VERDICT_TONES[check.verdict] ?? ''}">${verdictWord(check.verdict)}</span>
                  </li>`,
              )}
            </ul>`
      }
    </div>
  </section>`;
}

export function peopleSection(opened: Opened): Html {
  const { meta, invitations } = opened;
  const quorum = meta.policy?.approvers?.quorum ?? 1;
  const yes = invitations.filter(
    (i) => i.excluded === undefined && latestVote(opened, i.approver)?.verdict === 'APPROVE',
  );
  return html`<section class="card" aria-labelledby="people">
    <h2 id="people">Who was asked</h2>
    <div id="live-people" data-live>
      <p class="soft">
        <span class="pips" aria-hidden="true"
          >${Array.from({ length: Math.min(quorum, 9) }, (_, n) => (n < yes.length ? html`<i class="on"></i>` : html`<i></i>`))}</span
        >
        ${yes.length} of ${quorum} needed ${quorum === 1 ? 'yes' : 'yeses'} so far.
      </p>
      <ul class="rows">
        ${invitations.slice(0, 100).map((invitation) => personPart(opened, invitation))}
      </ul>
    </div>
  </section>`;
}

function personPart(opened: Opened, invitation: Invitation): Html {
  const vote = latestVote(opened, invitation.approver);
  const [tone, word] = personState(invitation, vote);
  const name = cleanText(invitation.name ?? invitation.mail, 120);
  const reason = vote === undefined ? '' : cleanText(vote.comment, 400);
  return html`<li>
    <div>
      <p class="text">${name}${invitation.approver === opened.by ? ' (you)' : ''}</p>
      ${invitation.excluded === undefined ? NOTHING : html`<p class="small soft text">${cleanText(invitation.excluded, 200)}</p>`}
      ${reason === '' ? NOTHING : html`<p class="small soft text">“${reason}”</p>`}
    </div>
    <span class="tag ${tone}">${word}</span>
  </li>`;
}

function personState(invitation: Invitation, vote: Vote | undefined): readonly [string, string] {
  if (invitation.excluded !== undefined) {
    return ['', 'no vote'];
  }
  if (vote !== undefined) {
    return [vote.verdict === 'APPROVE' ? 'good' : 'bad', `said ${answerWord(vote.verdict)}`];
  }
  if (invitation.mailbox === 'pending' || invitation.mailbox === 'missing') {
    return ['wait', 'mail not confirmed'];
  }
  return ['', 'not yet'];
}

/** The approver's last word that `decide` has counted. */
export function latestVote(opened: Opened, approver: string): Vote | undefined {
  return opened.votes
    .filter((vote) => vote.approver === approver)
    .reduce<Vote | undefined>((last, vote) => (last === undefined || vote.seq > last.seq ? vote : last), undefined);
}

export function runLine(meta: RequestMeta): Html {
  const execution = cleanText(meta.executionId ?? '', 60);
  const starter = cleanText(meta.startedBy ?? '', 120);
  return html`<p class="small soft run">
    ${execution === '' ? NOTHING : html`Run <code>${execution}</code>`}${starter === '' ? NOTHING : html`, started by ${starter}`}${
      meta.executionType === 'ROLLBACK' ? ', a rollback' : ''
    }${meta.askedAt === undefined ? '' : `, asked ${plainTime(meta.askedAt)}`}
  </p>`;
}
