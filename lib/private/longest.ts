/** Longest value of a reference whose kind is known; of any other, the longest name or ARN that stands in our documents. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 16,
  'AWS::Region': 25,
  'AWS::URLSuffix': 20,
};
const LONGEST_OTHER = 256;

/** Bytes of a resolved text, every reference at its longest. */
export function longestText(resolved: unknown): number {
  if (typeof resolved === 'string') {
    return Buffer.byteLength(resolved, 'utf8');
  }
  const join = joinOf(resolved);
  if (join !== undefined) {
    return join.parts.reduce<number>((sum, part) => sum + longestText(part), 0);
  }
  const ref = (resolved as { Ref?: unknown }).Ref;
  return (typeof ref === 'string' ? LONGEST[ref] : undefined) ?? LONGEST_OTHER;
}

/** Bytes of a resolved document as JSON without blanks, every reference at its longest. */
export function longestJson(resolved: unknown): number {
  if (Array.isArray(resolved)) {
    return resolved.reduce<number>((sum, item) => sum + longestJson(item) + 1, 2);
  }
  if (typeof resolved === 'object' && resolved !== null && !isReference(resolved)) {
    return Object.entries(resolved).reduce((sum, [key, value]) => sum + key.length + 4 + longestJson(value), 2);
  }
  return typeof resolved === 'object' || typeof resolved === 'string' ? longestText(resolved) + 2 : 8;
}

/** A reference in a text that is not resolved yet: `${Token[AWS.Region.9]}`, `${Token[TOKEN.42]}`. */
const UNRESOLVED = /\$\{Token\[([^\]]*)\.\d+\]\}/g;

/**
 * Bytes of a document as JSON in a parameter, before the app is complete and its references can be resolved: each of them at
 * its longest, or `other` where its kind is not known.
 */
export function longestUnresolved(document: object, other: number = LONGEST_OTHER): number {
  const references: number[] = [];
  const literal = JSON.stringify(document)
    .replace(UNRESOLVED, (_, name: string) => {
      references.push(LONGEST[name.replace('.', '::')] ?? other);
      return '';
    })
    // Braces in a row are written as six bytes each.
    .replace(/\{(?=\{)/g, '\\u007b');
  return references.reduce((sum, length) => sum + length, Buffer.byteLength(literal, 'utf8'));
}

/** The parts of `Fn::Join`, where the value is one. */
export function joinOf(resolved: unknown): { readonly delimiter: string; readonly parts: unknown[] } | undefined {
  const join = (resolved as { 'Fn::Join'?: unknown })['Fn::Join'];
  if (!Array.isArray(join) || typeof join[0] !== 'string' || !Array.isArray(join[1])) {
    return undefined;
  }
  return { delimiter: join[0], parts: join[1] };
}

function isReference(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::') === true);
}
