/** Reads what `aws dynamodb query` prints: every value wrapped in the letter of its type. */
import { Malformed, object, type Fields } from '../lambda/domain/parsed';

/** No entry that we write is nested deeper. */
const DEEPEST = 16;

export function plainItem(item: unknown): Fields {
  return mapOf(object(item, 'Items'), DEEPEST);
}

function mapOf(fields: Fields, depth: number): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value, depth - 1)]));
}

function plain(value: unknown, depth: number): unknown {
  const [[type, content] = [], ...others] = Object.entries(object(value, 'a value of Items'));
  if (others.length > 0 || depth < 0) {
    throw new Malformed('a value of `Items` is none of DynamoDB’s');
  }
  if (type === 'S' && typeof content === 'string') {
    return content;
  }
  if (type === 'N' && typeof content === 'string' && content.trim() !== '') {
    return Number(content);
  }
  if (type === 'BOOL' && typeof content === 'boolean') {
    return content;
  }
  if (type === 'L' && Array.isArray(content)) {
    return content.map((part) => plain(part, depth - 1));
  }
  if (type === 'M') {
    return mapOf(object(content, 'M'), depth);
  }
  throw new Malformed('a value of `Items` is of a type that the record does not have');
}
