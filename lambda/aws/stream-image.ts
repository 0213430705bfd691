import type { AttributeValue } from 'aws-lambda';
import type { Fields } from '../domain/parsed';

/** The texts and numbers of a stream image; rows of the decisions table hold nothing else. */
export function plainImage(image: Readonly<Record<string, AttributeValue>>): Fields {
  return Object.fromEntries(
    Object.entries(image).map(([name, { S, N }]) => [name, S ?? (N === undefined ? undefined : Number(N))]),
  );
}
