import { Token } from 'aws-cdk-lib';
import { matchesAlias } from '../../contract/alias';
import { GateError } from '../errors';
import { Approver } from './approver';

/** Topics, mails and pages stay readable up to here; a wider circle is a shared mailbox. */
const MOST = 100;

/** Who may answer a gate, and how many of them it takes. The first no ends the request, as in CodePipeline. */
export class Approvers {
  /**
   * Any one of these addresses.
   *
   * @param addresses literal addresses, each of them one person
   */
  public static emails(...addresses: string[]): Approvers {
    return new Approvers(
      1,
      addresses.map((address) => Approver.person(address)),
    );
  }

  /** Any one of these approvers. */
  public static anyOf(...approvers: Approver[]): Approvers {
    return new Approvers(1, approvers);
  }

  /**
   * So many of these approvers. Above one it needs a workflow, and nobody may approve their own change unless
   * `excludeAuthor` is false.
   *
   * @param count from 1 to the number of approvers
   */
  public static atLeast(count: number, ...approvers: Approver[]): Approvers {
    return new Approvers(count, approvers);
  }

  /**
   * All of these approvers: `atLeast` with their number. Where one of them wrote the change, nobody is left to take that place,
   * and the gate can be answered in the console only, unless `excludeAuthor` is false.
   */
  public static allOf(...approvers: Approver[]): Approvers {
    return new Approvers(approvers.length, approvers);
  }

  /** How many different approvers have to say yes. */
  public readonly quorum: number;
  private readonly list: readonly Approver[];

  private constructor(quorum: number, members: readonly Approver[]) {
    members.forEach((member) => mustBeApprover('approvers', member));
    if (members.length === 0) {
      throw new GateError('NoApprovers', '`approvers` is empty: name at least one address');
    }
    if (members.length > MOST) {
      throw new GateError(
        'TooManyApprovers',
        `\`approvers\` has ${members.length} members, but a gate asks at most ${MOST}: use \`Approver.sharedMailbox\``,
      );
    }
    refuseDuplicates(members);
    if (Token.isUnresolved(quorum)) {
      throw new GateError('LiteralNeeded', '`count` is a token, but a quorum has to be known at synth: give a number');
    }
    if (!Number.isInteger(quorum) || quorum < 1 || quorum > members.length) {
      throw new GateError(
        'InvalidQuorum',
        `\`count\` is ${quorum}, but must be a whole number from 1 to ${members.length}, the number of approvers: change one of them`,
      );
    }
    const shared = members.filter((member) => member.shared);
    if (quorum > 1 && shared.length > 1) {
      throw new GateError(
        'SharedMailboxQuorum',
        `${shared.map((member) => `'${member.mail}'`).join(' and ')} are shared mailboxes: one reader of both would be a quorum ` +
          'alone. Name persons, or keep one shared mailbox',
      );
    }
    if (quorum > 1) {
      refuseOnePersonTwice(members);
    }
    this.quorum = quorum;
    this.list = [...members];
  }

  /** The approvers, in the order given. */
  public get members(): Approver[] {
    return [...this.list];
  }
}

/** One person with two addresses would be a quorum alone. As far as the app itself says so. */
function refuseOnePersonTwice(members: readonly Approver[]): void {
  members.forEach((one, index) => {
    for (const other of members.slice(index + 1)) {
      const known = knows(one, other) || knows(other, one);
      if (known || mailbox(one.mail) === mailbox(other.mail)) {
        throw new GateError(
          'OnePersonTwice',
          `'${one.mail}' and '${other.mail}' are one ${known ? 'person by `alsoKnownAs`' : 'mailbox'}, which would be a quorum ` +
            'alone: keep one of them, or make the alias narrower',
        );
      }
    }
  });
}

/** Whether a name of the one is the address or a name of the other, wildcards included. */
function knows(one: Approver, other: Approver): boolean {
  return one.alsoKnownAs.some((alias) => [other.mail, ...other.alsoKnownAs].some((name) => matchesAlias(alias, name)));
}

/** Mail to `ana+shop@…` arrives at `ana@…`. */
function mailbox(mail: string): string {
  return mail.toLowerCase().replace(/\+[^@]*@/, '@');
}

/** Callers without a type checker may pass an address instead. */
export function mustBeApprover(prop: string, member: unknown): void {
  if (!(member instanceof Approver)) {
    throw new GateError(
      'WrongType',
      `\`${prop}\` holds ${JSON.stringify(member)}, but has to hold approvers: make them by \`Approver.person\`, or use \`Approvers.emails\``,
    );
  }
}

function refuseDuplicates(members: readonly Approver[]): void {
  const seen = new Set<string>();
  for (const member of members) {
    if (seen.has(member.approverId)) {
      throw new GateError(
        'DuplicateApprover',
        `\`approvers\` names '${member.mail}' twice, but each has one vote: remove one (case does not matter)`,
      );
    }
    seen.add(member.approverId);
  }
}
