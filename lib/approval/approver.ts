import { isAddress, mailboxOf } from '../../contract/address';
import { MOST_DELEGATES } from '../../contract/policy';
import { GateError } from '../errors';
import { CONTROL, mustBeLiteral, mustBeName, shortHash } from '../private/text';
import { mustBeOptions, mustBeText } from '../private/types';

/** Options of `Approver.person`. */
export interface PersonOptions {
  /**
   * What others read instead of the address. At most 64 characters.
   *
   * @default - the address
   */
  readonly name?: string;

  /**
   * Under which other names this person writes or starts changes, or answers in the console: logins, no-reply addresses,
   * role ARNs. `*` stands for any characters, case does not matter. At most 20, each 3 to 256 characters.
   *
   * Whoever may choose a name that fits is taken for this person. An alias that ends in `assumed-role/Release/ana` trusts
   * everyone who may assume that role, since they choose the session's name; with `Release/*` the whole role is this person.
   *
   * They serve to keep authors from approving their own change, and to recognise a known approver in the console.
   * They need a workflow.
   *
   * @default - the address alone
   */
  readonly alsoKnownAs?: string[];

  /**
   * Who may answer in this person's place while they are away: at most 5 persons. Whoever goes away names one of them at the dashboard, with
   * the last day of the absence. During it the delegate is asked instead, and has this person's place in every group of every gate; a
   * delegate is asked as themselves only, so that nobody answers for a delegate who is away, too. Who may not approve a change because they
   * wrote or started it has no vote on it through a delegate either.
   *
   * Two persons may stand in for each other: name the one by address alone, as
   * `delegates: [Approver.person('ana@example.com')]`.
   *
   * Needs a workflow with `Dashboard.signInByEmail`. A further delegate is a weaker gate: the approvers of the former rule have to agree first.
   *
   * @default - nobody
   */
  readonly delegates?: Approver[];
}

/** Options of `Approver.guest`. */
export interface GuestOptions extends PersonOptions {
  /**
   * Until when the guest has a vote: a day, to its end in UTC (`2026-12-24`), or a time with its offset (`2026-12-24T18:00:00+01:00`).
   * A date that is over is a warning at synth, which can be acknowledged (`cdk-approval-gates:Approver.guestIsOver`): an app has
   * to deploy although its guests have left.
   */
  readonly until: string;
}

/** Options of `Approver.sharedMailbox`. */
export interface SharedMailboxOptions {
  /** What others read instead of the address, say `On-call team`. At most 64 characters. */
  readonly name: string;
}

/** Parts that stand in the ARN of anybody. */
const EVERYBODYS = new Set('arn aws aws-cn aws-us-gov sts iam assumed-role federated-user user role root'.split(' '));

/** Somebody who can be asked to approve. A value: make it once and use it in as many gates as you like. */
export class Approver {
  /**
   * One person with a mailbox of their own: one vote.
   *
   * @param mail a literal address; tokens are refused, because topics and policies are made per address at synth
   */
  public static person(mail: string, options: PersonOptions = {}): Approver {
    return new Approver(mail, { ...options, shared: false });
  }

  /**
   * One person who has a vote until a date, say a customer who reviews a demo. From then on the guest is not asked, an answer of
   * theirs counts for nothing, even one that was given before, and the page says so. Guests cannot sign in at the dashboard.
   *
   * Needs a workflow, and holds for each of its gates.
   *
   * @param mail a literal address
   */
  public static guest(mail: string, options: GuestOptions): Approver {
    mustBeOptions('Approver.guest', options, "{ until: '2026-12-24' }");
    if ((options.delegates ?? []).length > 0) {
      throw new GateError(
        'GuestWithDelegates',
        `\`delegates\` are given for guest '${mail}', but guests cannot sign in at the dashboard to say that they are away: remove them`,
      );
    }
    return new Approver(mail, { ...options, shared: false, until: endOf(options.until) });
  }

  /**
   * A mailbox that several people read: one vote, by nobody in particular. Whoever reads it first answers for all.
   *
   * It cannot be told from the author of a change, so gates with `excludeAuthor` refuse it.
   *
   * @param mail a literal address
   */
  public static sharedMailbox(mail: string, options: SharedMailboxOptions): Approver {
    mustBeOptions('Approver.sharedMailbox', options, "{ name: 'On-call team' }");
    mustBeText('name', options.name);
    return new Approver(mail, { name: options.name, shared: true });
  }

  /** The address that is asked. */
  public readonly mail: string;
  /** What others read instead of the address, if given. */
  public readonly name?: string;
  /** Whether several people read this mailbox. */
  public readonly shared: boolean;
  /** Until when a guest has a vote: ISO 8601 in UTC. Undefined for anybody else. */
  public readonly until?: string;
  /** Stable id of the address: 12 hexadecimal digits. Case of the address does not matter. */
  public readonly approverId: string;

  private readonly aliases: readonly string[];
  private readonly standIns: readonly Approver[];

  private constructor(mail: string, described: Description) {
    const { name, shared, until, alsoKnownAs: aliases = [], delegates = [] } = described;
    mustBeText('mail', mail);
    mustBeLiteral('mail', mail, 'the address of an approver has to be known at synth');
    mustBeAddress(mail);
    if (name !== undefined) {
      mustBeName(name, 'InvalidApproverName', 'an approver');
    }
    if (!Array.isArray(aliases)) {
      throw new GateError(
        'WrongType',
        `\`alsoKnownAs\` is ${JSON.stringify(aliases)}, but has to be a list: write ['ana-gh']`,
      );
    }
    aliases.forEach(mustBeAlias);
    if (aliases.length > 20) {
      throw new GateError(
        'TooManyAliases',
        `\`alsoKnownAs\` has ${aliases.length} entries, but at most 20 fit: use '*'`,
      );
    }
    this.mail = mail;
    this.shared = shared;
    this.name = name;
    this.until = until;
    this.aliases = [...aliases];
    this.approverId = shortHash(mail.toLowerCase());
    mustBeDelegates(mail, delegates);
    this.standIns = [...delegates];
  }

  /** Other names of this person. */
  public get alsoKnownAs(): string[] {
    return [...this.aliases];
  }

  /** Who may answer in this person's place. */
  public get delegates(): Approver[] {
    return [...this.standIns];
  }
}

interface Description extends PersonOptions {
  readonly shared: boolean;
  readonly until?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** In UTC. A day is over when the next one begins. */
function endOf(until: string): string {
  mustBeText('until', until);
  mustBeLiteral('until', until, 'the end of a guest has to be known at synth');
  const day = DAY.test(until) ? until : TIME.exec(until)?.[1];
  const time = Date.parse(until);
  // Date.parse takes 30 February for a day of March.
  if (day === undefined || Number.isNaN(time) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new GateError(
      'InvalidGuestEnd',
      `\`until\` is '${until}', but must be a day or a time with its offset: write it like '2026-12-24' or '2026-12-24T18:00:00Z'`,
    );
  }
  return new Date(day === until ? time + 86_400_000 : time).toISOString();
}

/** Persons, and not the person themselves: somebody else has to look. */
function mustBeDelegates(mail: string, delegates: unknown): void {
  if (!Array.isArray(delegates) || !delegates.every((one): one is Approver => one instanceof Approver)) {
    throw new GateError(
      'WrongType',
      `\`delegates\` of '${mail}' have to be a list of approvers: write [Approver.person('bo@example.com')]`,
    );
  }
  if (delegates.length > MOST_DELEGATES) {
    throw new GateError(
      'TooManyDelegates',
      `\`delegates\` of '${mail}' are ${delegates.length}, but at most ${MOST_DELEGATES} can stand in for one person: name fewer`,
    );
  }
  const seen = new Set([mailboxOf(mail)]);
  for (const delegate of delegates) {
    if (delegate.shared || delegate.until !== undefined) {
      throw new GateError(
        'InvalidDelegate',
        `\`delegates\` of '${mail}' name '${delegate.mail}', which is a ${delegate.shared ? 'shared mailbox' : 'guest'}, but a delegate is one ` +
          'person who stays: name somebody by `Approver.person`',
      );
    }
    if (seen.has(mailboxOf(delegate.mail))) {
      throw new GateError(
        'InvalidDelegate',
        `\`delegates\` of '${mail}' name '${delegate.mail}' ${mailboxOf(delegate.mail) === mailboxOf(mail) ? 'themselves' : 'twice'}: remove it ` +
          '(case does not matter)',
      );
    }
    seen.add(mailboxOf(delegate.mail));
  }
}

function mustBeAddress(mail: string): void {
  if (!isAddress(mail)) {
    throw new GateError(
      'InvalidAddress',
      `\`mail\` is '${mail}', but must be an email address that can be asked: give one like 'ana@example.com', ` +
        "without display name and '*', ASCII only, at most 254 characters",
    );
  }
}

function mustBeAlias(alias: string): void {
  mustBeText('alsoKnownAs', alias);
  mustBeLiteral('alsoKnownAs', alias, 'the aliases of an approver have to be known at synth');
  // An alias that fits everybody would make everybody's change, and answer in the console, this person's own.
  const own = alias.split(/[*:/]/).filter((part) => !EVERYBODYS.has(part.trim().toLowerCase()));
  if (alias.length > 256 || CONTROL.test(alias) || own.join('').trim().length < 3) {
    throw new GateError(
      'InvalidAlias',
      `\`alsoKnownAs\` holds '${alias}', but an alias has 3 to 256 characters, three of them other than '*' and what every ARN ` +
        "holds, as 'arn:aws:sts' and 'assumed-role': make it narrower",
    );
  }
}
