/**
 * Licence expressions of SPDX (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/): `MIT OR (GPL-2.0-only WITH
 * Classpath-exception-2.0 AND BSD-3-Clause)`.
 */

/** Whether code may be used under one licence, without what an exception permits beyond it. */
export type MayUse = (license: string) => boolean;

/** Longer expressions are no licences of a package. */
const LONGEST = 2000;
const DEEPEST = 20;

/** Whoever uses the code may choose among alternatives, and has to keep all that is joined. Undefined when it is no expression. */
export function isUsable(expression: string, mayUse: MayUse): boolean | undefined {
  const tokens = expression.length > LONGEST ? undefined : tokensOf(expression);
  if (tokens === undefined) {
    return undefined;
  }
  const reader = new Reader(tokens, mayUse);
  const usable = reader.alternatives(0);
  return reader.isAtEnd ? usable : undefined;
}

/** Undefined when something in it is no token. */
function tokensOf(expression: string): readonly string[] | undefined {
  const tokens = expression.match(/[()]|[A-Za-z0-9.:-]+\+?/g) ?? [];
  return tokens.join('') === expression.replace(/\s/g, '') ? tokens : undefined;
}

/** Each part reads to its end even where the answer is known, so that nothing behind it stays unread. */
class Reader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly mayUse: MayUse,
  ) {}

  get isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  alternatives(depth: number): boolean | undefined {
    let usable = this.joined(depth);
    while (usable !== undefined && this.takes('OR')) {
      const other = this.joined(depth);
      usable = other === undefined ? undefined : usable || other;
    }
    return usable;
  }

  private joined(depth: number): boolean | undefined {
    let usable = this.one(depth);
    while (usable !== undefined && this.takes('AND')) {
      const other = this.one(depth);
      usable = other === undefined ? undefined : usable && other;
    }
    return usable;
  }

  private one(depth: number): boolean | undefined {
    if (this.takes('(')) {
      const usable = depth < DEEPEST ? this.alternatives(depth + 1) : undefined;
      return this.takes(')') ? usable : undefined;
    }
    const license = this.name();
    if (license === undefined || (this.takes('WITH') && this.name() === undefined)) {
      return undefined;
    }
    // Of `2.0+`, version 2.0 itself may be chosen. An exception takes nothing away.
    return this.mayUse(license) || (license.endsWith('+') && this.mayUse(license.slice(0, -1)));
  }

  private name(): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || /^([()]|AND|OR|WITH)$/i.test(token)) {
      return undefined;
    }
    this.at += 1;
    return token;
  }

  private takes(token: string): boolean {
    const isNext = this.tokens[this.at]?.toUpperCase() === token;
    this.at += isNext ? 1 : 0;
    return isNext;
  }
}
