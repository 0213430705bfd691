/** What `decide` needs from the outside. The function fills it from AWS, tests from memory. */
import type { DashboardAccess } from '../../contract/dashboard';
import type { GateName, PreparedChangeSet } from '../../contract/policy';
import type { OverviewTarget, RequestTarget, Target } from '../../contract/messages';
import type { AbsenceStore } from '../aws/absence-store';
import type { Calendars } from '../aws/calendars';
import type { Checks } from '../aws/checks';
import type { DigestStore } from '../aws/digest-store';
import type { Events } from '../aws/events';
import type { FieldsStore } from '../aws/fields-store';
import type { InForceStore } from '../aws/in-force-store';
import type { IntakeStore } from '../aws/intake-store';
import type { InvitationStore } from '../aws/invitation-store';
import type { Mailer } from '../aws/mailer';
import type { OverviewStore } from '../aws/overview-store';
import type { PipelineView } from '../aws/pipeline';
import type { PolicyStore } from '../aws/policy-store';
import type { RecordStore } from '../aws/record-store';
import type { RequestStore } from '../aws/request-store';
import type { SessionStore } from '../aws/session-store';
import type { ChangeSetView } from '../domain/change-set';

type Public<T> = { readonly [K in keyof T]: T[K] };

export type Pipeline = Public<PipelineView>;

/** How people answer, and what their mails need for it. */
export type Answers =
  | { readonly way: 'BY_LINK'; /** Base address of the review page. */ readonly reviewUrl: string }
  | { readonly way: 'IN_CONSOLE' };

/** How people get to the dashboard, if the workflow has one. */
export type DashboardKind = DashboardAccess['kind'] | 'NONE';

/** A look that a row asks for. It is named by the row, so a record that is brought again starts it once. */
export interface Look {
  readonly name: string;
  readonly target: RequestTarget | OverviewTarget;
  readonly at: string;
}

export interface Ports {
  readonly workflow: string;
  /** Where the approvers live. */
  readonly timeZone?: string;
  /** For so long after an email to a person, in milliseconds, further ones are gathered. Absent when none are. */
  readonly digestEvery?: number;
  readonly answers: Answers;
  readonly dashboard: DashboardKind;
  readonly region: string;
  readonly store: Public<RequestStore>;
  readonly invitations: Public<InvitationStore>;
  readonly digests: Public<DigestStore>;
  readonly absences: Public<AbsenceStore>;
  readonly sessions: Public<SessionStore>;
  readonly overviews: Public<OverviewStore>;
  readonly record: Public<RecordStore>;
  readonly intake: Pick<IntakeStore, 'askedFor' | 'authorsOf'>;
  readonly policies: Public<PolicyStore>;
  readonly inForce: Public<InForceStore>;
  readonly fields: Public<FieldsStore>;
  readonly checks: Public<Checks>;
  readonly mailer: Mailer;
  readonly events: Public<Events>;
  /** CodePipeline by the answer role; the session is named by the request, so that its answers are known as ours. */
  pipeline(gate: GateName, answerRole: string, session: string): Promise<Pipeline>;
  /** What a change set would do, by the answer role. Whatever goes wrong is an answer, too: that it could not be read. */
  changeSet(answerRole: string, session: string, changeSet: PreparedChangeSet): Promise<ChangeSetView>;
  /** Change calendars by the answer role. */
  calendars(answerRole: string, session: string): Promise<Public<Calendars>>;
  /** Starts a timer run, once per name. */
  startTimer(name: string, target: Target, at: string): Promise<void>;
  /** Real time between mails to one mailbox. */
  pause(milliseconds: number): Promise<void>;
  /** Real time: nothing is decided by it, and what hangs on nothing is given up by it. */
  realTime(): string;
}
