/** What a gate's SSM parameters hold. Written at synth, read by `decide` at every look. */
import type { CheckPlan } from './checks';
import type { WindowRule } from './deployment-window';
import type { FieldRule } from './fields';

/** Version of the documents in this file. A function refuses documents of any other version. */
export const POLICY_VERSION = 2;

/** A gate: one approval action of one pipeline. */
export interface GateName {
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
}

/** Everything that decides about one gate: ids and numbers only, people have parameters of their own. */
export interface GatePolicy {
  readonly v: typeof POLICY_VERSION;
  readonly gate: GateName;
  /** Role in the pipeline's stack that may read the pipeline and answer this gate. */
  readonly answerRole: string;
  readonly rule: GateRule;
  /** 5 … 86,400: the action's own time-out. Used only where the notification did not say when the action expires. */
  readonly timeoutMinutes: number;
  /** What CodePipeline does with the stage after a rejection. */
  readonly onReject: 'STOP' | 'ROLLBACK';
  /** An approval goes to CodePipeline only while it is open. Absent = at any time. */
  readonly window?: WindowRule;
  /** What people are shown: change sets that the stage prepares before the gate, and executes after it. Absent = none. */
  readonly changeSets?: readonly PreparedChangeSet[];
  /** Change Calendars of Systems Manager by name or ARN: only while all of them are open, too. Absent = none. */
  readonly freezes?: readonly string[];
}

/** A change set of CloudFormation, in the account and Region of the pipeline. */
export interface PreparedChangeSet {
  readonly stack: string;
  readonly name: string;
  /** Why it is named and cannot be read: it is in another account or Region, or variables of the run are part of its name. */
  readonly hidden?: 'ELSEWHERE' | 'NAMED_BY_RUN';
}

/** Each of them is a call of CloudFormation at a look. */
export const MOST_CHANGE_SETS = 20;

/** Who or what opens the gate. The kind is chosen by name; no field that is absent stands for a kind. */
export type GateRule = ManualRule | AutomatedRule | GuardedRule | AutomatedElsePeopleRule;

/** Enough of the right people said yes. */
export interface ManualRule {
  readonly kind: 'MANUAL';
  readonly people: PeopleRule;
}

/** The checks stayed healthy for the whole bake time. */
export interface AutomatedRule {
  readonly kind: 'AUTOMATED';
  readonly checks: ChecksRule;
  /** What happens when the checks cannot tell. */
  readonly onInconclusive: 'REJECT' | 'APPROVE_WITH_WARNING';
}

/** People said yes, and the checks are healthy at that moment and at delivery. */
export interface GuardedRule {
  readonly kind: 'GUARDED';
  readonly people: PeopleRule;
  readonly checks: ChecksRule;
}

/** Healthy by itself; people are asked when the checks cannot tell. */
export interface AutomatedElsePeopleRule {
  readonly kind: 'AUTOMATED_ELSE_PEOPLE';
  readonly people: PeopleRule;
  readonly checks: ChecksRule;
  /** People are asked when a check fails, too. Absent = a failure rejects. */
  readonly onFail?: 'ASK_APPROVERS';
}

export type RuleKind = GateRule['kind'];

export interface PeopleRule {
  /** Each of them has to have enough; a plain quorum is one group without a name. At least one. */
  readonly groups: readonly GroupRule[];
  /** The author and the starter of a change have no vote on it. */
  readonly excludeAuthor: boolean;
  readonly reason: 'OPTIONAL' | 'FOR_REJECTION' | 'ALWAYS';
  /** What whoever approves fills in, at most `MOST_FIELDS`. Absent = nothing. */
  readonly fields?: readonly FieldRule[];
  /**
   * Shares of the time from asking until the deadline, each above 0 and below 1, ascending, at most `MOST_REMINDERS`: those who have
   * not answered by then are reminded. Absent = once, at half of it; empty = never.
   */
  readonly reminders?: readonly number[];
  /** A newer run that waits for the stage takes the place of the request. Absent = it waits. */
  readonly newerRun?: 'REPLACES';
  /** Approvers may choose when their approval takes effect. Absent = it is not offered. */
  readonly startLater?: 'ALLOWED';
  /** Absent = nobody is asked later. */
  readonly escalation?: EscalationRule;
  /** Who may open the gate alone in an emergency. Absent = nobody. */
  readonly breakGlass?: BreakGlassRule;
  /** Who may answer in the place of an approver who is away, by the approver's id; 1 to `MOST_DELEGATES` each. Absent = nobody. */
  readonly delegates?: Readonly<Record<string, readonly string[]>>;
}

/** Every approver of the gate, or these people. */
export type BreakGlassRule = 'APPROVERS' | readonly string[];

/** Who is asked, too, when there are not enough answers so long after people were first asked. */
export interface EscalationRule {
  readonly afterMinutes: number;
  /** None of them is among those who are asked first. At least one. */
  readonly ids: readonly string[];
}

/** Delegates of one approver. */
export const MOST_DELEGATES = 5;

/** Calendars of one gate. */
export const MOST_FREEZES = 5;

export const MOST_REMINDERS = 5;
/** Shorter time-outs are not worth a reminder. */
export const REMINDED_FROM_MINUTES = 60;

/** So many of these people. */
export interface GroupRule {
  /** What people read. Where there are several groups, each has a name of its own. */
  readonly name?: string;
  readonly quorum: number;
  /** Who they are. Where they stand in a list, the policy leaves this empty, and each look fills it in. */
  readonly ids: readonly string[];
  /** Name of the parameter that lists these people, one of the workflow's `lists`. */
  readonly list?: string;
}

/** Mails and pages stay readable up to here; a wider circle is a shared mailbox. */
export const MOST_APPROVERS = 100;

export interface ChecksRule {
  /** Read-only role in the pipeline's stack that `check` assumes. */
  readonly role: string;
  /** 0 = healthy at this moment. */
  readonly bakeMinutes: number;
  /** The checks themselves, or the name of the parameter with their `ChecksDocument` where the policy is too small for them. */
  readonly source: { readonly plans: readonly CheckPlan[] } | { readonly parameter: string };
}

/** The part of a rule that names people; undefined for the kind that asks nobody. */
export function peopleOf(rule: GateRule): PeopleRule | undefined {
  return rule.kind === 'AUTOMATED' ? undefined : rule.people;
}

/** The part of a rule that names checks; undefined for the kind that watches nothing. */
export function checksOf(rule: GateRule): ChecksRule | undefined {
  return rule.kind === 'MANUAL' ? undefined : rule.checks;
}

export interface ChecksDocument {
  readonly v: typeof POLICY_VERSION;
  readonly checks: readonly CheckPlan[];
}

/** Somebody who can be asked. */
export interface Person {
  /** First 12 hex digits of sha-256 of the lower-case address. */
  readonly id: string;
  readonly mail: string;
  readonly name?: string;
  /** Logins, no-reply addresses, role ARNs (`*` matches within): author exclusion and console identity. */
  readonly alsoKnownAs: readonly string[];
  /** A shared mailbox is one vote and nobody in particular. */
  readonly shared: boolean;
  /** A guest has a vote before that time, ISO 8601 in UTC, and none at it or later. Absent = not a guest. */
  readonly until?: string;
  /** Whom this person may name as their delegate. Whether a gate takes the delegate is said by its policy. Absent = nobody. */
  readonly delegates?: readonly string[];
}

export interface PeopleDocument {
  readonly v: typeof POLICY_VERSION;
  readonly people: readonly Person[];
  /** Absent = none. */
  readonly lists?: readonly ListRule[];
}

/** A parameter that a team edits: it lists people by their addresses. What it may hold is said here, out of its editors' reach. */
export interface ListRule {
  readonly parameter: string;
  /** In lower case. An address of any other domain makes the list unreadable. At least one. */
  readonly domains: readonly string[];
}
