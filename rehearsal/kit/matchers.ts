/** Matchers for jest and vitest: `expect.extend(matchers)`. */
import type { RehearsedApp } from './rehearse';

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a mail has to hold. */
export interface MailMatch {
  readonly subject?: string | RegExp;
  readonly text?: string | RegExp;
}

/** The matchers as they stand behind `expect(world).`; `R` is what an assertion gives. */
export interface RehearsalMatchers<R> {
  /** A gate, such as `Prod/Approve`, waits for an answer. */
  toBeWaitingAt(gate: string): R;
  /** A stage, or one action of it, has succeeded in the run of the latest push. */
  toHaveDeployed(stageOrAction: string): R;
  /** Somebody got a mail. */
  toHaveMailed(to: string, match?: MailMatch): R;
  /** The run of the latest push has that status. */
  toHaveEnded(status: string): R;
  /** Every call had the permission that it needs. */
  toHaveItsPermissions(): R;
}

export const matchers = {
  toBeWaitingAt(world: RehearsedApp, gate: string): MatcherResult {
    return told(world, world.isWaitingAt(gate), `the run to wait at ${gate}`);
  },
  toHaveDeployed(world: RehearsedApp, stageOrAction: string): MatcherResult {
    return told(world, world.hasDeployed(stageOrAction), `${stageOrAction} to have succeeded`);
  },
  toHaveMailed(world: RehearsedApp, to: string, match: MailMatch = {}): MatcherResult {
    const found = world.inbox.some(
      (mail) => mail.to === to && holds(mail.subject, match.subject) && holds(mail.text, match.text),
    );
    const about = match.subject === undefined ? '' : ` about ${String(match.subject)}`;
    return told(world, found, `a mail to ${to}${about}`);
  },
  toHaveEnded(world: RehearsedApp, status: string): MatcherResult {
    return told(world, world.status === status, `the run to be ${status}; it is ${world.status}`);
  },
  toHaveItsPermissions(world: RehearsedApp): MatcherResult {
    const { refusals } = world;
    return told(world, refusals.length === 0, `no call to be refused; refused: ${refusals.join('; ')}`);
  },
} satisfies { readonly [Name in keyof RehearsalMatchers<void>]: unknown };

function holds(text: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** With the last that happened: mostly that says why. */
function told(world: RehearsedApp, pass: boolean, what: string): MatcherResult {
  const lately = world.journal.slice(-12).join('\n  ');
  return { pass, message: () => `expected ${pass ? 'not ' : ''}${what}\n\nlately:\n  ${lately}` };
}
