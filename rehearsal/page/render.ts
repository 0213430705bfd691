/** The page of a rehearsal: pipeline, inbox, alarms, journal. */
import { html, raw } from 'hono/html';
import { durationInWords } from '../duration-in-words';
import { SANDBOX } from './mail-html';
import { chip, clock, day, NOTHING, short, STATES, type Html } from './markup';
import { SCRIPT } from './script';
import { trafficCard } from './traffic-chart';
import type { ActionView, MailView, PipelineView, RuleView, Snapshot, StageView } from './snapshot';
import { STYLE } from './style';

export function page(view: Snapshot): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Rehearsal · ${view.pipelines[0]?.name ?? 'no pipeline'}</title>
        <link rel="icon" href="data:," />
        <noscript><meta http-equiv="refresh" content="5" /></noscript>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#pipeline">Skip to the pipeline</a>
        ${header(view)}
        <main id="pipeline" tabindex="-1">
          <div data-part="pipelines">${view.pipelines.map((one, index) => pipeline(one, index, view))}</div>
          <div data-part="traffic">${trafficCard(view)}</div>
          <div class="cols">
            <section class="card" aria-labelledby="inbox-title">
              <h2 id="inbox-title">Inbox</h2>
              ${
                view.dashboard === undefined
                  ? ''
                  : html`<p class="small">
                      <a id="dashboard" href="${view.dashboard}" target="_blank" rel="noopener noreferrer"
                        >The team's dashboard ↗</a
                      >
                      <span class="soft">signs in by a link that arrives here</span>
                    </p>`
              }
              <div data-part="inbox">${inbox(view.mails)}</div>
            </section>
            <div style="display:grid;gap:1rem">
              <section class="card" aria-labelledby="alarm-title">
                <h2 id="alarm-title">Alarms</h2>
                <div data-part="alarms">${alarms(view)}</div>
              </section>
              <section class="card" aria-labelledby="journal-title">
                <h2 id="journal-title">Journal</h2>
                <div data-part="journal">${journal(view)}</div>
              </section>
            </div>
          </div>
        </main>
        ${raw(`<script>${SCRIPT}</script>`)}
      </body>
    </html>`;
}

function header(view: Snapshot): Html {
  return html`<header>
    <h1>Rehearsal</h1>
    <div class="time">
      <span data-part="time"><strong>${day(view.now)} ${clock(view.now)} UTC</strong></span>
      <span class="soft small" data-part="next">
        ${view.next === undefined ? 'nothing is due: push a change' : `nothing is due for ${durationInWords(view.next)}`}
      </span>
      <span class="small" data-part="skip" role="status">${view.skip.progress ?? view.skip.note}</span>
      <span class="small" id="state" role="status"></span>
    </div>
    <form class="row" method="post" action="/skip" data-says="Skipping…">
      <button class="main" name="to" value="next" id="skip-next">Skip to what happens next</button>
      <button name="to" value="600000" id="skip-10">+10 min</button>
      <button name="to" value="3600000" id="skip-60">+1 h</button>
    </form>
    <form method="post" action="/stop" data-says="Stopping…" data-part="stop">
      ${view.skip.progress === undefined ? NOTHING : html`<button id="stop">Stop skipping</button>`}
    </form>
  </header>`;
}

function pipeline(view: PipelineView, index: number, { functions, account }: Snapshot): Html {
  return html`<section class="card" aria-labelledby="p-${index}">
    <h2 id="p-${index}">${view.name}</h2>
    <form class="row" method="post" action="/push" data-says="Pushing…" style="margin-bottom:.8rem">
      <input type="hidden" name="pipeline" value="${view.name}" />
      <label class="soft small" for="message-${index}">Change</label>
      <input id="message-${index}" name="message" value="Sell tea" maxlength="200" required size="24" />
      <label class="soft small" for="kind-${index}">which</label>
      <select id="kind-${index}" name="kind">
        <option value="good">works</option>
        ${functions.map(
          (name) =>
            html`<option value="errors ${name}">returns errors in ${name}</option>
              <option value="unhealthy ${name}">is unhealthy in ${name}</option>`,
        )}
      </select>
      <button id="push-${index}">Push it</button>
    </form>
    <ol class="stages" tabindex="0" aria-label="Stages of ${view.name}">
      ${view.stages.map((one) => stage(one, view.name, account))}
    </ol>
    ${
      view.runs.length === 0
        ? html`<p class="empty">No change has been pushed yet.</p>`
        : html`<ol class="runs" aria-label="Runs, newest first">
            ${view.runs.map(
              (run) =>
                html`<li>
                  <b>Run ${run.number}</b> ${chip(run.status)} <span>${run.title}</span>
                  <span class="soft small">${run.detail}</span>
                </li>`,
            )}
          </ol>`
    }
  </section>`;
}

function stage(view: StageView, pipelineName: string, account: string): Html {
  const tone = STATES[view.status]?.[0] ?? '';
  return html`<li class="stage ${tone === '' ? '' : `t-${tone}`}">
    <div class="head">
      <h3>${view.name}</h3>
      ${view.run === undefined ? NOTHING : html`<span class="soft small">run ${view.run}</span>`}
    </div>
    ${view.waiting.map((run) => html`<p class="small soft">run ${run} waits in front</p>`)}
    ${view.actions.map((one) => html`${action(one)}${one.left === undefined ? NOTHING : consoleAnswer(one, view.name, pipelineName, account)}`)}
    ${view.rules.map(rule)}
  </li>`;
}

/** A rule of a condition: a stage is entered, left, or gone back from by it. */
function rule(view: RuleView): Html {
  return html`<div class="action">
    <div class="head"><b>${view.name}</b> ${chip(view.status)}</div>
    <p class="soft small">${view.when}</p>
    ${view.summary === undefined ? NOTHING : html`<p>${short(view.summary)}</p>`}
  </div>`;
}

function action(view: ActionView): Html {
  return html`<div class="action">
    <div class="head"><b>${view.name}</b> ${chip(view.status)}</div>
    ${view.left === undefined ? NOTHING : html`<p>times out in ${durationInWords(view.left)}</p>`}
    ${view.traffic.map(
      (shift) =>
        html`<p>${shift.percent} % of ${shift.of} on ${shift.to}, the rest on ${shift.from}</p>
          <div
            class="bar"
            role="progressbar"
            aria-label="Traffic on the new version"
            aria-valuenow="${shift.percent}"
            aria-valuemin="0"
            aria-valuemax="100"
          >
            <i style="width:${shift.percent}%"></i>
          </div>`,
    )}
    ${view.summary === undefined || view.traffic.length > 0 ? NOTHING : html`<p>${short(view.summary)}</p>`}
  </div>`;
}

/** Whoever may answer the approval action in the AWS console answers it here, as the identity that is typed. */
function consoleAnswer(view: ActionView, stageName: string, pipelineName: string, account: string): Html {
  const id = `console-${pipelineName}-${stageName}-${view.name}`;
  return html`<details class="console" id="${id}">
    <summary>Answer as in the AWS console</summary>
    <form method="post" action="/answer" data-says="Answering…">
      <input type="hidden" name="pipeline" value="${pipelineName}" />
      <input type="hidden" name="stage" value="${stageName}" />
      <input type="hidden" name="action" value="${view.name}" />
      <label class="small" for="${id}-as">as</label>
      <input id="${id}-as" name="as" value="arn:aws:iam::${account}:user/ana" required />
      <label class="small" for="${id}-summary">comment</label>
      <input id="${id}-summary" name="summary" maxlength="512" />
      <div class="row">
        <button name="verdict" value="Approved" id="${id}-yes">Approve</button>
        <button name="verdict" value="Rejected" id="${id}-no">Reject</button>
      </div>
    </form>
  </details>`;
}

function inbox(mails: readonly MailView[]): Html {
  if (mails.length === 0) return html`<p class="empty">No mail yet. Push a change, then skip to the gate.</p>`;
  return html`${mails.map(
    (mail, index) =>
      html`<details class="mail" id="mail-${mail.number}" ${index === 0 ? 'open' : ''}>
        <summary id="mail-${mail.number}-head">
          <b>${mail.subject}</b><span class="soft small">to ${mail.to} · ${day(mail.at)} ${clock(mail.at)}</span>
        </summary>
        <div class="shown">
          <pre>
${mail.text.map((piece, place) =>
              piece.href === undefined
                ? piece.text
                : html`<a
                    id="mail-${mail.number}-link-${place}"
                    href="${piece.href}"
                    target="_blank"
                    rel="noopener noreferrer"
                    >${piece.text}</a
                  >`,
            )}</pre>
          ${
            mail.html
              ? html`<iframe
                  src="/mail/${mail.number}"
                  sandbox="${SANDBOX}"
                  title="HTML of mail ${mail.number}"
                  loading="lazy"
                ></iframe>`
              : NOTHING
          }
        </div>
      </details>`,
  )}`;
}

function alarms(view: Snapshot): Html {
  if (view.alarms.length === 0) return html`<p class="empty">The app has no alarms.</p>`;
  return html`<ul class="alarms" tabindex="0" aria-label="Alarms">
    ${view.alarms.map(
      ({ name, state }, index) =>
        html`<li>
          <span>${name} ${chip(state)}</span>
          <form method="post" action="/alarm">
            <input type="hidden" name="name" value="${name}" />
            <button id="alarm-${index}" name="state" value="${state === 'ALARM' ? 'OK' : 'ALARM'}">
              ${state === 'ALARM' ? 'Make it green' : 'Make it red'}<span class="skip">: ${name}</span>
            </button>
          </form>
        </li>`,
    )}
  </ul>`;
}

function journal(view: Snapshot): Html {
  return html`<ol class="journal" tabindex="0" aria-label="Journal, newest first">
    ${view.journal.map(
      (entry, index) =>
        html`${dayOf(view.journal, index)}
          <li class="${entry.level}">
            <span class="soft">${clock(entry.at)}</span><span class="soft">${entry.source}</span
            ><span>${entry.text}</span>
          </li>`,
    )}
  </ol>`;
}

/** The date stands above the first line of each day. */
function dayOf(entries: Snapshot['journal'], index: number): Html {
  const at = entries[index]?.at ?? '';
  const before = entries[index - 1]?.at ?? '';
  return day(at) === day(before) ? NOTHING : html`<li class="day"><b>${day(at)}</b><span class="soft">UTC</span></li>`;
}
