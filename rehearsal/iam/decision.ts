/** What IAM says to a call, by the policies that a template gives: a deny wins, an allow is needed. */
import { conditionsHold, matches, type Context } from './condition';

/** A statement of a policy, as it stands in a resolved template. */
export interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** One action on one resource. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly principal: Principal;
  readonly context: Context;
}

/** Who asks: a role, or a service of AWS such as `sns.amazonaws.com`. */
export interface Principal {
  readonly service?: string;
  /** ARN of the role. */
  readonly roleArn?: string;
  /** ARN of its session. */
  readonly sessionArn?: string;
  readonly account: string;
}

export type Decision = 'ALLOWED' | 'DENIED' | 'NOT_ALLOWED';

export interface Policies {
  /** Of the role. */
  readonly identity: readonly Statement[];
  /** Of the resource: topic, queue, function, trust of a role. */
  readonly resource: readonly Statement[];
}

/**
 * Within one account, either side may allow. Between two accounts both have to, and the resource's side may leave it to the caller's
 * account. A service of AWS has no side of its own.
 */
export function decide(request: Request, { identity, resource }: Policies): Decision {
  const ofIdentity = identity.filter((statement) => applies(statement, request));
  const ofResource = meant(resource, request);
  if ([...ofIdentity, ...ofResource].some(({ Effect }) => Effect === 'Deny')) {
    return 'DENIED';
  }
  if (isForeign(request)) {
    return allows(ofIdentity) && allows(ofResource) ? 'ALLOWED' : 'NOT_ALLOWED';
  }
  const direct = ofResource.filter((statement) => names(statement, request.principal) === 'ITSELF');
  return allows([...ofIdentity, ...direct]) ? 'ALLOWED' : 'NOT_ALLOWED';
}

function allows(statements: readonly Statement[]): boolean {
  return statements.some(({ Effect }) => Effect === 'Allow');
}

/** The resource is in another account, as far as its ARN names one. */
function isForeign({ resource, principal }: Request): boolean {
  const account = resource.split(':')[4] ?? '';
  return principal.service === undefined && /^\d{12}$/.test(account) && account !== principal.account;
}

/** A role is assumed where its trust policy lets the caller in, be it through the caller's account. */
export function trusts(trust: readonly Statement[], request: Request): boolean {
  const effects = meant(trust, request).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** The statements of a resource's policy that are about a request and its principal. */
function meant(policy: readonly Statement[], request: Request): readonly Statement[] {
  return policy.filter((statement) => names(statement, request.principal) !== undefined && applies(statement, request));
}

/** A trust policy names no resource. */
function applies(statement: Statement, { action, resource, context }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const isAction = (pattern: string): boolean => matches(pattern.toLowerCase(), action.toLowerCase());
  const isResource = (pattern: string): boolean => matches(pattern, resource);
  return (
    (Action === undefined || listOf(Action).some(isAction)) &&
    (NotAction === undefined || !listOf(NotAction).some(isAction)) &&
    (Resource === undefined || listOf(Resource).some(isResource)) &&
    (NotResource === undefined || !listOf(NotResource).some(isResource)) &&
    conditionsHold(Condition, context)
  );
}

/** Whether a statement means a principal: by its own name, or by its account, which leaves it to the role's policies. */
function names(
  { Principal: wanted, NotPrincipal: others }: Statement,
  who: Principal,
): 'ITSELF' | 'ACCOUNT' | undefined {
  if (others !== undefined) {
    return names({ Effect: 'Deny', Principal: others }, who) === undefined ? 'ITSELF' : undefined;
  }
  if (wanted === '*') {
    return 'ITSELF';
  }
  const { AWS = [], Service = [] } = (wanted ?? {}) as Readonly<Record<string, string | readonly string[]>>;
  if (who.service !== undefined) {
    return listOf(Service).includes(who.service) ? 'ITSELF' : undefined;
  }
  const arns = listOf(AWS);
  if (arns.some((arn) => arn === '*' || arn === who.roleArn || arn === who.sessionArn)) {
    return 'ITSELF';
  }
  return arns.some((arn) => arn === who.account || arn === `arn:aws:iam::${who.account}:root`) ? 'ACCOUNT' : undefined;
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
