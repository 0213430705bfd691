/** Somebody who is signed in says that they are away, or back. */
import { absenceOf, wishText } from '../../domain/absence';
import type { Call } from '../call';
import { seeOther, type Answer } from '../reply';
import { awayPage, type AwayForm } from './away-page';
import { sessionWish } from './errand-row';
import { noticeOf } from './notice';
import { ROOT } from './places';
import type { SignedIn } from './session';
import type { DashboardStore } from './store';
import type { Viewer } from './viewer';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface AbsenceDesk {
  readonly store: DashboardStore;
  readonly call: Call;
  readonly found: SignedIn;
  readonly viewer: Viewer;
}

export async function absenceAnswer(
  route: 'GET /away' | 'POST /away' | 'POST /back',
  desk: AbsenceDesk,
): Promise<Answer> {
  const { store, call, found } = desk;
  switch (route) {
    case 'GET /away':
      return show(desk);
    case 'POST /away': {
      const form = formOf(call.form);
      const judged = judge(form, found, call.now);
      if ('problem' in judged) {
        return show(desk, { problem: judged.problem, form });
      }
      await store.put(sessionWish(found, 'AWAY', judged.about, call.now));
      return seeOther(`${ROOT}/away?notice=away`);
    }
    case 'POST /back':
      await store.put(sessionWish(found, 'BACK', '', call.now));
      return seeOther(`${ROOT}/away?notice=back`);
  }
}

async function show(
  { store, call, viewer }: AbsenceDesk,
  refused?: { readonly problem: string; readonly form: AwayForm },
): Promise<Answer> {
  const absence = await store.absence(viewer.me.id);
  const notice = noticeOf(call.query.get('notice'));
  const page = awayPage({ viewer, absence, now: call.now, notice, ...refused });
  return { status: refused === undefined ? 200 : 422, page };
}

/** As it was typed. */
function formOf(fields: URLSearchParams): AwayForm {
  const read = (name: string) => (fields.get(name) ?? '').trim().slice(0, 40);
  return { delegate: read('delegate'), from: read('from'), until: read('until') };
}

/** What to ask of `decide`, which looks at it once more; or what to put right. */
function judge(
  { delegate, from, until }: AwayForm,
  { me, people }: SignedIn,
  now: string,
): { readonly about: string } | { readonly problem: string } {
  if (!DAY.test(until) || (from !== '' && !DAY.test(from))) {
    return { problem: 'Type days like 2026-12-24.' };
  }
  const wish = { delegate, until, ...(from === '' ? {} : { from }) };
  const read = absenceOf(me, wish, people, now);
  return read.ok
    ? { about: wishText(wish) }
    : { problem: `This cannot be an absence: ${read.problem.replace(/^absence: /, '')}.` };
}
