/** What an alias of a person means. Synth compares approvers by it, `decide` authors and answers. */

/**
 * Case-insensitive; `*` in the alias stands for any characters. `:` and `/` are alike, since ARNs of sessions have the
 * one where people expect the other: `…/assumed-role/Release/ana` is meant to match.
 */
export function matchesAlias(alias: string, identity: string): boolean {
  const [first = '', ...others] = plain(alias).split('*');
  const last = others.pop();
  const text = plain(identity);
  if (last === undefined) {
    return first !== '' && text === first;
  }
  // Piece by piece, each at its first place: a pattern of many stars costs no more than its length times the text's.
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found < 0) {
      return false;
    }
    from = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && from + last.length <= text.length;
}

/** Whether a name of AWS, an ARN, could fit this alias: an answer in the console is known by nothing else. */
export function mayBeArn(alias: string): boolean {
  const [first = '', ...others] = plain(alias).split('*');
  return first.startsWith('arn/') || (others.length > 0 && 'arn/'.startsWith(first));
}

function plain(name: string): string {
  return name.trim().toLowerCase().replace(/:/g, '/');
}
