/**
 * What a prepared change set of CloudFormation would do to its stack. Values of properties are never kept: they may be secret. Names in
 * it come from a template that somebody else wrote.
 */
import type { PreparedChangeSet } from '../../contract/policy';
import type { ShownChangeSet } from '../../contract/record';
import { cleanText } from './clean-text';
import { isPermission, saysWhoMay } from './guarding';
import { LISTED_CHANGES, LISTED_IN_ALL, NAMED_CHANGES } from './limits';

export type ChangeSetView = ReadChangeSet | UnreadChangeSet;

export interface ReadChangeSet {
  readonly kind: 'READ';
  readonly stack: string;
  readonly name: string;
  /** ARN of the change set. CloudFormation never changes one: what is made again has another. */
  readonly id: string;
  /** One line: `2 added, 1 REPLACED (Table Orders), 1 IAM change`. Counts are of all changes, whatever is listed. */
  readonly says: string;
  /** What matters most first: permissions, then what is lost. At most `LISTED_CHANGES`. */
  readonly changes: readonly ListedChange[];
  /** How many changes are not listed. */
  readonly unlisted: number;
}

/** Nobody knows what it would do, which is not the same as nothing. */
export interface UnreadChangeSet {
  readonly kind: 'UNREAD';
  readonly stack: string;
  readonly name: string;
  readonly reason: string;
}

export interface ListedChange {
  readonly effect: Effect;
  /** Logical id in the template. */
  readonly resource: string;
  /** `AWS::DynamoDB::Table` */
  readonly type: string;
  /** What becomes of the old resource, where there is one. */
  readonly old?: 'DELETED' | 'RETAINED' | 'SNAPSHOT';
  /** What of it changes: Properties, Tags, Metadata, … */
  readonly scope?: readonly string[];
  /** A property changes that says who may do what. */
  readonly permissions?: true;
}

/** In the order in which they matter. UNKNOWN: CloudFormation finds out only when it executes the change set. */
const EFFECTS = ['REMOVED', 'REPLACED', 'MAYBE_REPLACED', 'UNKNOWN', 'CHANGED', 'IMPORTED', 'ADDED'] as const;
export type Effect = (typeof EFFECTS)[number];

/** The parts of CloudFormation's own description that matter here, of all its pages. */
export interface ChangeSetDescription {
  readonly id?: string | undefined;
  readonly stackId?: string | undefined;
  readonly status?: string | undefined;
  readonly statusReason?: string | undefined;
  readonly executionStatus?: string | undefined;
  readonly changes: readonly DescribedChange[];
}

export interface DescribedChange {
  readonly Action?: string | undefined;
  readonly Replacement?: string | undefined;
  readonly PolicyAction?: string | undefined;
  readonly LogicalResourceId?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly Scope?: readonly string[] | undefined;
  /** The names of properties that change, and never their values. */
  readonly Details?: readonly { readonly Target?: { readonly Name?: string | undefined } | undefined }[] | undefined;
}

/** All that a change set would do, or why nobody knows. */
export type ChangesInSet =
  | {
      readonly kind: 'READ';
      readonly id: string;
      /** What matters most first: permissions, then what is lost. */
      readonly changes: readonly ListedChange[];
    }
  | {
      readonly kind: 'UNREAD';
      readonly reason: string;
      /** CloudFormation is still at it: it may be read a moment later. */
      readonly isUnfinished?: true;
    };

/** CloudFormation lets a change set fail that would change nothing, and tells so by its text alone. */
const CHANGES_NOTHING = /didn't contain changes|no updates are to be performed/i;

export function changesIn({ id, status, statusReason, executionStatus, changes }: ChangeSetDescription): ChangesInSet {
  const unread = (reason: string): ChangesInSet => ({ kind: 'UNREAD', reason });
  if (id === undefined) {
    return unread('CloudFormation does not say which one it is');
  }
  if (status === 'FAILED' && CHANGES_NOTHING.test(statusReason ?? '')) {
    return { kind: 'READ', id, changes: [] };
  }
  if (status === 'FAILED') {
    // Its reason may quote the value of a parameter.
    return unread('CloudFormation could not make it');
  }
  if (status !== 'CREATE_COMPLETE') {
    return { kind: 'UNREAD', reason: 'CloudFormation has not finished making it', isUnfinished: true };
  }
  if (executionStatus !== 'AVAILABLE') {
    return unread(WHY_NOT_AVAILABLE[executionStatus ?? ''] ?? 'CloudFormation cannot execute it');
  }
  return { kind: 'READ', id, changes: changes.map(listedChange).sort(byWeight) };
}

export function changeSetView({ stack, name }: PreparedChangeSet, described: ChangeSetDescription): ChangeSetView {
  const found = changesIn(described);
  return found.kind === 'UNREAD'
    ? { kind: 'UNREAD', stack, name, reason: found.reason }
    : {
        kind: 'READ',
        stack,
        name,
        id: found.id,
        says: changesInWords(found.changes),
        changes: found.changes.slice(0, LISTED_CHANGES),
        unlisted: Math.max(0, found.changes.length - LISTED_CHANGES),
      };
}

/** The views of a gate, each with its share of what is listed in all. */
export function withinLimit(views: readonly ChangeSetView[]): readonly ChangeSetView[] {
  const share = Math.floor(LISTED_IN_ALL / Math.max(1, views.length));
  return views.map((view) =>
    view.kind === 'UNREAD' || view.changes.length <= share
      ? view
      : {
          ...view,
          changes: view.changes.slice(0, share),
          unlisted: view.unlisted + view.changes.length - share,
        },
  );
}

/** One that nobody may look for. */
export function hiddenChangeSet({ stack, name, hidden }: PreparedChangeSet): UnreadChangeSet | undefined {
  switch (hidden) {
    case undefined:
      return undefined;
    case 'ELSEWHERE':
      return { kind: 'UNREAD', stack, name, reason: 'its stack is in another account or Region' };
    case 'NAMED_BY_RUN':
      return { kind: 'UNREAD', stack, name, reason: 'variables of the run are part of its name' };
  }
}

const WHY_NOT_AVAILABLE: Readonly<Record<string, string>> = {
  EXECUTE_IN_PROGRESS: 'it is being executed',
  EXECUTE_COMPLETE: 'it was executed already',
  EXECUTE_FAILED: 'it was executed already, and failed',
  OBSOLETE: 'its stack was changed since it was made',
};

/** As evidence and record keep it. */
export function shownChangeSet(view: ChangeSetView): ShownChangeSet {
  const { stack, name } = view;
  return view.kind === 'READ'
    ? { stack, name, id: view.id, says: view.says }
    : { stack, name, says: changeSetInWords(view) };
}

/** One line. */
export function changeSetInWords(view: ChangeSetView): string {
  return view.kind === 'READ' ? view.says : `could not be read: ${view.reason}`;
}

/**
 * Change sets that were made again since somebody looked. One that could not be read, then or now, does not count as made again: no
 * failure to read takes an approval away.
 */
export function madeAgain(
  before: readonly ShownChangeSet[] | undefined,
  now: readonly ShownChangeSet[] | undefined,
): readonly ShownChangeSet[] {
  return (now ?? []).filter(({ stack, name, id }) => {
    const seen = before?.find((one) => one.stack === stack && one.name === name);
    return seen?.id !== undefined && id !== undefined && seen.id !== id;
  });
}

const SCOPES = [
  'Properties',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Tags',
];

function listedChange(change: DescribedChange): ListedChange {
  const old = oldOf(change.PolicyAction);
  const scope = SCOPES.filter((name) => change.Scope?.includes(name));
  return {
    effect: effectOf(change),
    resource: cleanText(change.LogicalResourceId ?? '', 120),
    type: cleanText(change.ResourceType ?? '', 120),
    ...(old === undefined ? {} : { old }),
    ...(scope.length === 0 ? {} : { scope }),
    ...(changesPermissions(change) ? { permissions: true } : {}),
  };
}

function changesPermissions({ ResourceType = '', Details = [] }: DescribedChange): boolean {
  return Details.some(({ Target }) => isPermission(ResourceType, Target?.Name ?? ''));
}

function effectOf({ Action, Replacement }: DescribedChange): Effect {
  switch (Action) {
    case 'Add':
      return 'ADDED';
    case 'Remove':
      return 'REMOVED';
    case 'Import':
      return 'IMPORTED';
    case 'Modify':
      return MODIFIES[Replacement ?? ''] ?? 'UNKNOWN';
    default:
      return 'UNKNOWN';
  }
}

const MODIFIES: Readonly<Record<string, Effect>> = {
  True: 'REPLACED',
  Conditional: 'MAYBE_REPLACED',
  False: 'CHANGED',
};

function oldOf(policyAction: string | undefined): ListedChange['old'] {
  switch (policyAction) {
    case 'Delete':
    case 'ReplaceAndDelete':
      return 'DELETED';
    case 'Retain':
    case 'ReplaceAndRetain':
      return 'RETAINED';
    case 'Snapshot':
    case 'ReplaceAndSnapshot':
      return 'SNAPSHOT';
    default:
      return undefined;
  }
}

/** Who may do what: policies of identities and of resources, and what may connect. */
export function guards({
  type,
  permissions,
}: Pick<ListedChange, 'type' | 'permissions'>): 'IAM' | 'SECURITY_GROUP' | undefined {
  if (/^AWS::EC2::SecurityGroup/.test(type)) {
    return 'SECURITY_GROUP';
  }
  return permissions === true || saysWhoMay(type) ? 'IAM' : undefined;
}

/** What changes in it stands in a change set of its own. */
export function isNested({ type }: Pick<ListedChange, 'type'>): boolean {
  return type === 'AWS::CloudFormation::Stack';
}

function byWeight(a: ListedChange, b: ListedChange): number {
  const guarding = (change: ListedChange) => (guards(change) === undefined ? 1 : 0);
  const place = ({ effect }: ListedChange) => EFFECTS.indexOf(effect);
  const key = ({ type, resource }: ListedChange) => `${type} ${resource}`;
  return guarding(a) - guarding(b) || place(a) - place(b) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

/** One line. */
export function changesInWords(changes: readonly ListedChange[]): string {
  const of = (effect: Effect) => changes.filter((change) => change.effect === effect);
  const guarding = (what: ReturnType<typeof guards>) => changes.filter((change) => guards(change) === what).length;
  const parts = [
    counted(of('ADDED').length, 'added'),
    counted(of('IMPORTED').length, 'imported'),
    counted(of('CHANGED').length, 'changed'),
    named(of('REPLACED'), 'REPLACED'),
    named(of('MAYBE_REPLACED'), 'may be REPLACED'),
    named(of('REMOVED'), 'REMOVED'),
    named(of('UNKNOWN'), 'not known until it runs'),
    plural(guarding('IAM'), 'IAM change'),
    plural(guarding('SECURITY_GROUP'), 'security-group change'),
    plural(changes.filter(isNested).length, 'nested stack', ', whose own changes are not listed'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'changes nothing' : parts.join(', ');
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}`;
}

function plural(count: number, what: string, more = ''): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}${more}`;
}

/** `1 REPLACED (Table Orders)` */
export function named(changes: readonly ListedChange[], what: string): string {
  const names = changes.slice(0, NAMED_CHANGES).map(({ type, resource }) => {
    const short = type.split('::').at(-1) ?? type;
    return cleanText(`${short} ${resource}`, 60);
  });
  const others = changes.length - names.length;
  return changes.length === 0
    ? ''
    : `${changes.length} ${what} (${names.join(', ')}${others > 0 ? ` and ${others} more` : ''})`;
}
