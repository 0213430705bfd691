import { Token } from 'aws-cdk-lib';
import { mailboxOf } from '../../contract/address';
import { matchesAlias } from '../../contract/alias';
import { MOST_APPROVERS } from '../../contract/policy';
import { GateError } from '../errors';
import { mustBeSpread, shown } from '../private/types';
import { Approver } from './approver';

/** Refuses what is no quorum: nobody, too many, somebody twice, a count that these people cannot reach. */
export function mustBeQuorum(where: string, count: number, members: readonly Approver[]): void {
  members.forEach((member) => mustBeApprover(where, member));
  if (members.length === 0) {
    throw new GateError('NoApprovers', `${where} is empty: name at least one address`);
  }
  mustBeAskable(members);
  refuseDuplicates(where, members);
  mustBeCount(count, members.length, 'the number of approvers');
}

export function mustBeCount(count: number, most: number, what: string): void {
  if (Token.isUnresolved(count)) {
    throw new GateError('LiteralNeeded', '`count` is a token, but a quorum has to be known at synth: give a number');
  }
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new GateError(
      'InvalidQuorum',
      `\`count\` is ${shown(count)}, but must be a whole number from 1 to ${most}, ${what}: change one of them`,
    );
  }
}

export function mustBeAskable(members: readonly Approver[]): void {
  if (members.length > MOST_APPROVERS) {
    throw new GateError(
      'TooManyApprovers',
      `\`approvers\` has ${members.length} members, but a gate asks at most ${MOST_APPROVERS}: use \`Approver.sharedMailbox\``,
    );
  }
}

/** Where it takes several people, one of them must not be able to pass for two. */
export function mustBeDifferentPeople(quorum: number, members: readonly Approver[]): void {
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
}

/** Callers without a type checker may pass an address instead. */
export function mustBeApprover(where: string, member: unknown): void {
  mustBeSpread(where.replaceAll('`', ''), [member]);
  if (!(member instanceof Approver)) {
    throw new GateError(
      'WrongType',
      `${where} holds ${shown(member)}, but has to hold approvers: make them by \`Approver.person\`, or use \`Approvers.emails\``,
    );
  }
}

/**
 * One person with two addresses would be a quorum alone. As far as the app itself says so.
 *
 * @param what that person would be
 */
export function refuseOnePersonTwice(members: readonly Approver[], what = 'a quorum alone'): void {
  members.forEach((one, index) => {
    for (const other of members.slice(index + 1)) {
      const known = knows(one, other) || knows(other, one);
      if (known || mailboxOf(one.mail) === mailboxOf(other.mail)) {
        throw new GateError(
          'OnePersonTwice',
          `'${one.mail}' and '${other.mail}' are one ${known ? 'person by `alsoKnownAs`' : 'mailbox'}, which would be ` +
            `${what}: keep one of them, or make the alias narrower`,
        );
      }
    }
  });
}

/** Whether a name of the one is the address or a name of the other, wildcards included. */
function knows(one: Approver, other: Approver): boolean {
  return one.alsoKnownAs.some((alias) => [other.mail, ...other.alsoKnownAs].some((name) => matchesAlias(alias, name)));
}

function refuseDuplicates(where: string, members: readonly Approver[]): void {
  const seen = new Set<string>();
  for (const member of members) {
    if (seen.has(member.approverId)) {
      throw new GateError(
        'DuplicateApprover',
        `${where} names '${member.mail}' twice, but each has one vote: remove one (case does not matter)`,
      );
    }
    seen.add(member.approverId);
  }
}
