/** What a gate's SSM parameters hold. Written at synth, read by `decide` at every look. */

/** A gate: one approval action of one pipeline. */
export interface GateName {
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
}

/** Ids and numbers only: people and checks have parameters of their own. */
export interface GatePolicy {
  readonly v: 1;
  readonly gate: GateName;
  /** Role in the pipeline's stack that may read the pipeline and answer this gate. */
  readonly answerRole: string;
  /** Who may answer; absent for a gate that checks alone decide. */
  readonly approvers?: { readonly quorum: number; readonly ids: readonly string[] };
  /** 5 … 86,400: the action's own time-out, so that links and action end together. */
  readonly timeoutMinutes: number;
  /** The author and the starter of a change have no vote on it. */
  readonly excludeAuthor: boolean;
  readonly reason: 'OPTIONAL' | 'FOR_REJECTION' | 'ALWAYS';
  /** What CodePipeline does with the stage after a rejection. */
  readonly onReject: 'STOP' | 'ROLLBACK';
  readonly checks?: GateChecks;
}

export interface GateChecks {
  /** Name of the parameter with the `ChecksDocument`. */
  readonly parameter: string;
  /** Read-only role in the pipeline's stack that `check` assumes. */
  readonly role: string;
  /** 0 = healthy at this moment. */
  readonly bakeMinutes: number;
  /** With approvers: `ASK_APPROVERS` = open by itself when healthy, ask people when the checks cannot tell. Absent = guarded: people and checks. */
  readonly onInconclusive?: 'REJECT' | 'ASK_APPROVERS' | 'APPROVE_WITH_WARNING';
}

export interface ChecksDocument {
  readonly v: 1;
  readonly checks: readonly CheckPlan[];
}

/** When a check is looked at and how much it forgives. Times in seconds. */
export interface CheckTiming {
  /** Unique within its gate: `[a-z0-9-]{1,40}`. */
  readonly id: string;
  /** What people read: `alarm shop-5xx`. */
  readonly title: string;
  readonly initialDelay: number;
  readonly interval: number;
  /** So many failed measurements are forgiven. */
  readonly failureLimit: number;
  /** So many errors in a row are forgiven before the check counts as unable to tell. */
  readonly consecutiveErrorLimit: number;
  /** Good measurements needed before the check can pass; at least 1. */
  readonly minimumSamples: number;
  /** Shown and recorded, never decides. */
  readonly observeOnly: boolean;
}

export interface AlarmCheckPlan extends CheckTiming {
  readonly kind: 'alarm';
  readonly alarmName: string;
  readonly region: string;
  /** What INSUFFICIENT_DATA means. */
  readonly missingData: 'INCONCLUSIVE' | 'HEALTHY';
  /** What an alarm means that was red when the gate began: fail at once, or ignore until it has been green once. */
  readonly alreadyRed: 'FAIL' | 'IGNORE_UNTIL_GREEN';
  /** Composite alarms are asked for explicitly: CloudWatch shows them only to callers that may see every alarm. */
  readonly composite?: boolean;
}

export interface HttpCheckPlan extends CheckTiming {
  readonly kind: 'http';
  readonly url: string;
  readonly minStatus: number;
  readonly maxStatus: number;
  /** Text the body must hold. */
  readonly contains?: string;
  readonly timeoutSeconds: number;
  /** Plain http was allowed explicitly. */
  readonly insecure?: boolean;
}

export interface LambdaCheckPlan extends CheckTiming {
  readonly kind: 'lambda';
  /** ARN or qualified ARN. */
  readonly functionArn: string;
  /** Handed to the function as `details`. */
  readonly details?: string;
}

export type CheckPlan = AlarmCheckPlan | HttpCheckPlan | LambdaCheckPlan;

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
}

export interface PeopleDocument {
  readonly v: 1;
  readonly people: readonly Person[];
}
