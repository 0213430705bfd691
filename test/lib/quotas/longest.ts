/** How long what stands in a template can become when it is deployed: every reference at its longest. */

const PSEUDO: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-2'.length,
  'AWS::URLSuffix': 'amazonaws.com.cn'.length,
  // Of a name that CDK chose; a stack's own may have 128.
  'AWS::StackName': 128,
};

/** A name of a pipeline has 100 characters, that of a role 64, a generated one of anything else less than 200. */
const OTHER = 200;

/** Bytes of a text. */
export function bytes(value: unknown): number {
  if (typeof value === 'string') {
    return Buffer.byteLength(value, 'utf8');
  }
  const { Ref: ref, 'Fn::Join': join } = (value ?? {}) as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (join !== undefined) {
    return join[1].reduce<number>((sum, part) => sum + bytes(part) + join[0].length, 0);
  }
  return (ref === undefined ? undefined : PSEUDO[ref]) ?? OTHER;
}

/** Characters of a document as JSON without blanks. */
export function characters(document: unknown): number {
  if (Array.isArray(document)) {
    return document.reduce<number>((sum, item) => sum + characters(item) + 1, 2);
  }
  if (typeof document !== 'object' || document === null || isReference(document)) {
    return bytes(typeof document === 'object' ? document : String(document)) + 2;
  }
  return Object.entries(document).reduce((sum, [key, value]) => sum + key.length + 4 + characters(value), 2);
}

function isReference(value: object): boolean {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}
