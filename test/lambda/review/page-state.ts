/** What the page of an approver is made from, as Bo sees it. */
import type { PageState } from '../../../lambda/review/question-page';
import { BO, NOW, scene, seedOf, waiting, type Scene } from './fixture';

export function stateOf(more: Partial<PageState> = {}, request = waiting(), of: Scene = scene(request)): PageState {
  const link = { requestId: request.id, approver: BO, seed: seedOf(of, BO) };
  const { invitations, votes } = of;
  return {
    question: { kind: 'QUESTION', link, request, me: invitations[1]!, invitations, votes, tallies: [] },
    now: new Date(NOW).toISOString(),
    problems: [],
    changes: [],
    comment: '',
    number: '',
    isEmergency: false,
    wrongNumbers: 0,
    timeZone: 'UTC',
    ...more,
  };
}

/** The first tag of a name that has these attributes, as a browser reads it. */
export function tagIn(part: unknown, name: string, having = ''): string | undefined {
  const tags = String(part).match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? [];
  return tags.map((tag) => tag.replace(/\s+/g, ' ').replace(/ ?\/?>$/, '>')).find((tag) => tag.includes(having));
}
