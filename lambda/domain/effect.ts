/** What a look does about a request. Doing any of it twice is harmless. */
import type { Person } from '../../contract/policy';
import type { HeldUntil } from './held-mail';
import type { Held, Outcome } from './request';
import type { Review } from './vote';

export type Effect =
  /** Fix the outcome, once. */
  | { readonly kind: 'decide'; readonly outcome: Outcome }
  /** The approval ended without us: fix that as the outcome, which CodePipeline has already. */
  | { readonly kind: 'acknowledge'; readonly outcome: Outcome }
  | { readonly kind: 'deliver'; readonly outcome: Outcome }
  /** CodePipeline has an answer: ours, or somebody else's that came first. */
  | { readonly kind: 'delivered'; readonly overtakenBy?: Outcome }
  | { readonly kind: 'tell'; readonly outcome: Outcome }
  /** People are asked from now on; these have no mail yet. */
  | { readonly kind: 'invite'; readonly approvers: readonly string[] }
  /** Further people are asked from now on. */
  | { readonly kind: 'escalate'; readonly approvers: readonly string[] }
  /** Those who were asked first are told that `further` are asked, too. */
  | { readonly kind: 'tellEscalation'; readonly approvers: readonly string[]; readonly further: readonly string[] }
  /** Once each, for the reminder that became due then. */
  | { readonly kind: 'remind'; readonly approvers: readonly string[]; readonly due: string }
  /** Nobody can answer by link: say so, once per reason. */
  | { readonly kind: 'consoleOnly'; readonly reason: string }
  | { readonly kind: 'reachable' }
  /** Say that it is approved, and when it goes ahead. */
  | { readonly kind: 'hold'; readonly held: Held }
  /** Those who approved learn when that is. */
  | { readonly kind: 'tellHeld'; readonly approvers: readonly string[]; readonly held: HeldUntil }
  /** Those who may close the follow-up of an emergency are asked, once each for the reminder that became due then. */
  | { readonly kind: 'askReview'; readonly reviewers: readonly Person[]; readonly due: string }
  /** Nobody can: say so, once. */
  | { readonly kind: 'nobodyReviews' }
  | { readonly kind: 'closeFollowUp'; readonly review: Review; readonly reviewer: Person }
  /** It is not approved any more. */
  | { readonly kind: 'release' };

export interface Plan {
  readonly effects: readonly Effect[];
  /** When to look again; undefined = at once, because the effects change the phase. */
  readonly next?: string;
}
