import { Node } from 'constructs';

/** What `cdk deploy -c key=value` (or `context` in cdk.json) may say about the release pipeline. */
export interface Settings {
  /** Addresses of the people who may let a change into production. */
  readonly approvers: readonly string[];
  /** How many of them have to say yes. */
  readonly quorum: number;
  /** Further names of the approvers (logins, role ARNs), by address. */
  readonly alsoKnownAs: Readonly<Record<string, readonly string[]>>;
  /** Page that an approver should look at; may hold pipeline variables. */
  readonly reviewUrl?: string;
  /** Sender address: mail goes by SES when it is set, by SNS otherwise. */
  readonly mailFrom?: string;
  readonly source: SourceSettings;
}

export type SourceSettings =
  | {
      readonly kind: 'connection';
      readonly connectionArn: string;
      readonly owner: string;
      readonly repository: string;
      readonly branch: string;
    }
  | { readonly kind: 'bucket'; readonly bucketName?: string; readonly key: string };

const EXAMPLE_APPROVERS = 'ana@example.com,bo@example.com,cy@example.com';

export function readSettings(node: Node): Settings {
  const approvers = list(text(node, 'approvers') ?? EXAMPLE_APPROVERS);
  const quorum = Number(text(node, 'quorum') ?? '1');
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > approvers.length) {
    throw new Error(
      `context \`quorum\` must be a whole number from 1 to the number of \`approvers\` (${approvers.length}), got '${text(node, 'quorum')}'`,
    );
  }
  return {
    approvers,
    quorum,
    alsoKnownAs: aliases(node),
    reviewUrl: text(node, 'reviewUrl'),
    mailFrom: text(node, 'mailFrom'),
    source: source(node),
  };
}

function source(node: Node): SourceSettings {
  const connectionArn = text(node, 'connectionArn');
  if (connectionArn === undefined) {
    return { kind: 'bucket', bucketName: text(node, 'sourceBucket'), key: text(node, 'sourceKey') ?? 'source.zip' };
  }
  const [owner, repository, ...rest] = (text(node, 'repository') ?? '').split('/');
  if (!owner || !repository || rest.length > 0) {
    throw new Error(
      `context \`repository\` must be 'owner/name' when \`connectionArn\` is given, got '${text(node, 'repository') ?? ''}'`,
    );
  }
  return { kind: 'connection', connectionArn, owner, repository, branch: text(node, 'branch') ?? 'main' };
}

/** `-c alsoKnownAs='{"ana@example.com":["ana-gh"]}'`, or the same as an object in cdk.json. */
function aliases(node: Node): Readonly<Record<string, readonly string[]>> {
  const value: unknown = node.tryGetContext('alsoKnownAs') ?? {};
  const parsed: unknown = typeof value === 'string' ? parse(value) : value;
  if (typeof parsed !== 'object' || parsed === null || !Object.values(parsed).every(isTextList)) {
    throw new Error('context `alsoKnownAs` must map addresses to lists of names, as {"ana@example.com": ["ana-gh"]}');
  }
  return parsed as Record<string, readonly string[]>;
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function text(node: Node, key: string): string | undefined {
  const value: unknown = node.tryGetContext(key);
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
