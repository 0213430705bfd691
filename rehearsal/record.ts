/** What a world writes down while it runs. Times are ISO 8601, virtual. */

/** One IAM question of one SDK call. */
export interface RecordedCall {
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  /** `codepipeline:PutApprovalResult` */
  readonly action: string;
  readonly resources: readonly string[];
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly principal: string;
  readonly roleArn: string;
  /** The assumed-role session, or the role itself. */
  readonly sessionArn: string;
  readonly ok: boolean;
  /** Error code of a refusal. */
  readonly error?: string;
}

export interface JournalEntry {
  readonly at: string;
  /** Who tells: `pipeline`, `mail`, `function`, `alarm`, … */
  readonly source: string;
  readonly text: string;
  readonly level: 'info' | 'warning' | 'error';
}

/** A mail that was delivered to an inbox of the rehearsal. */
export interface Mail {
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Beside the text, where the mail has both. */
  readonly html?: string;
}

/** A line that a function wrote. */
export interface LogLine {
  readonly at: string;
  /** Name of the function. */
  readonly function: string;
  readonly level: 'log' | 'error';
  readonly text: string;
}

export interface EventRecord {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly 'detail-type': string;
  readonly detail: any;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly any[];
}

export interface RoleRecord {
  readonly roleArn: string;
  readonly trust: PolicyDocument;
  /** Inline policies, `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy` of the assembly, resolved. */
  readonly policies: readonly { readonly name: string; readonly document: PolicyDocument }[];
  /** ARNs of policies that AWS manages: named, not known. */
  readonly managedPolicyArns: readonly string[];
}
