import { isDomain } from '../../contract/address';
import { GateError } from '../errors';
import { mustBeLiteral } from '../private/text';
import { mustBeOptions, mustBeText } from '../private/types';

/** Options of `ApproverList.fromParameter`. */
export interface ApproverListOptions {
  /**
   * The domains that addresses in the list may have, such as `example.com`; a subdomain is a domain of its own. 1 to 10, literal.
   * They are fixed at synth: whoever edits the list cannot widen them.
   */
  readonly allowedDomains: string[];
}

const EXAMPLE = "{ allowedDomains: ['example.com'] }";
const MOST_DOMAINS = 10;

/**
 * People who stand in an SSM parameter, which a team edits without a deployment. For `Approvers.fromList` and `ApproverGroup.fromList`.
 *
 * **Whoever may write that parameter can make approvers**, of the allowed domains. Give `ssm:PutParameter` on it to those alone who may
 * decide about that. Whoever is put on the list while a request waits is not asked and has no vote on it, and the page says so; whoever
 * is removed has no vote from then on.
 */
export class ApproverList {
  /**
   * The list in a parameter of type String or StringList, in the account and Region of the workflow. It may be made by this app or by
   * anybody else. Nothing of it is changed or made here: `decide` may read it, and with a dashboard `review`, too.
   *
   * It holds 1 to 100 addresses, one a line or with commas between them. If anything in it is wrong (no address, a domain that is
   * not allowed, an address twice), none of it is taken: the gate opens by nobody of it, and after 15 minutes it is reported as one
   * that can be answered in the console only. A running request notices an edit with the next answer, or within 15 minutes.
   *
   * People of a list have no aliases. An `Approver` with the same address, declared by `addApprovers`, is the same person, and the
   * `alsoKnownAs` of it count. Without that, `excludeAuthor` knows people of a list by their address alone.
   *
   * A workflow with lists needs `Mail.ses`, because SNS would need a topic for each address at synth.
   *
   * @param parameterName literal name, such as `/shop/releasers`
   */
  public static fromParameter(parameterName: string, options: ApproverListOptions): ApproverList {
    mustBeParameterName(parameterName);
    mustBeOptions('ApproverList.fromParameter', options, EXAMPLE);
    return new ApproverList(parameterName, domainsOf(options.allowedDomains));
  }

  /** Name of the parameter. */
  public readonly parameterName: string;
  private readonly domains: readonly string[];

  private constructor(parameterName: string, domains: readonly string[]) {
    this.parameterName = parameterName;
    this.domains = domains;
  }

  /** Domains that addresses in the list may have, in lower case. */
  public get allowedDomains(): string[] {
    return [...this.domains];
  }
}

/** Callers without a type checker may pass a name instead. */
export function mustBeApproverList(where: string, list: unknown): void {
  if (!(list instanceof ApproverList)) {
    throw new GateError(
      'WrongType',
      `${where} is given ${JSON.stringify(list)}, but takes a list: make it by \`ApproverList.fromParameter\``,
    );
  }
}

/** Names of parameters (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html). */
function mustBeParameterName(name: string): void {
  mustBeText('parameterName', name);
  mustBeLiteral('parameterName', name, 'the permission to read the list is for this parameter alone');
  const isName = /^\/?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/.test(name) && (name.startsWith('/') || !name.includes('/'));
  if (!isName || name.length > 1011 || /^\/?(aws|ssm)/i.test(name) || /^\/approval-gates(\/|$)/.test(name)) {
    throw new GateError(
      'InvalidListParameter',
      `\`parameterName\` is '${name}', but must be a name like '/shop/releasers': at most 1011 characters of letters, digits, '.', '-', ` +
        "'_' and '/', with '/' first where there is one, and not below 'aws', 'ssm' or '/approval-gates': rename the parameter",
    );
  }
}

function domainsOf(domains: unknown): readonly string[] {
  if (!Array.isArray(domains)) {
    throw new GateError(
      'WrongType',
      `\`allowedDomains\` is ${JSON.stringify(domains)}, but has to be a list: write ${EXAMPLE}`,
    );
  }
  const named = domains.map((domain: string) => {
    mustBeText('allowedDomains', domain);
    mustBeLiteral('allowedDomains', domain, 'whoever edits the list must not be able to change them');
    if (!isDomain(domain)) {
      throw new GateError(
        'InvalidDomain',
        `\`allowedDomains\` holds '${domain}', but a domain is like 'example.com', without '@' and '*': change it`,
      );
    }
    return domain.toLowerCase();
  });
  if (named.length === 0 || named.length > MOST_DOMAINS) {
    throw new GateError(
      'InvalidDomains',
      `\`allowedDomains\` has ${named.length} members, but needs 1 to ${MOST_DOMAINS}: name the domains of your own people`,
    );
  }
  return [...new Set(named)].sort();
}
