/** Reads the record from a file or standard input: an export, or what `aws dynamodb query` printed. */
import { createReadStream } from 'node:fs';
import type { RecordExport } from '../contract/record';
import { exportDocument } from '../lambda/domain/record';
import { parseRecordExport, parseRecordRow } from '../lambda/domain/parse-record';
import { json, list, Malformed, object, parsed, type Fields, type Parsed } from '../lambda/domain/parsed';
import { plainItem } from './dynamodb-json';

/** Some 40,000 requests; nobody has to hold more than that in memory at once. */
const MOST_BYTES = 128 * 1024 * 1024;

/** What cannot be read, in words that repeat nothing of it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** @param path `-` for standard input */
export async function readRecord(path: string): Promise<RecordExport> {
  const read = recordIn(await textOf(path));
  if (!read.ok) {
    throw new Unreadable(read.problem);
  }
  if (read.value.entries.length === 0) {
    throw new Unreadable('there is no entry in it');
  }
  return read.value;
}

export function recordIn(content: string): Parsed<RecordExport> {
  const read = parsed('file', () => object(json(content), 'file'));
  return !read.ok || !('Items' in read.value) ? (read.ok ? parseRecordExport(read.value) : read) : queried(read.value);
}

/** The AWS CLI gathers all pages, unless it is told not to. */
function queried(answer: Fields): Parsed<RecordExport> {
  return parsed('query', () => {
    if (answer['NextToken'] !== undefined || answer['LastEvaluatedKey'] !== undefined) {
      throw new Malformed('this is the first part of an answer: query without --max-items and --no-paginate');
    }
    const entries = list(answer['Items'], 'Items').map((item) => {
      const row = parseRecordRow(plainItem(item));
      if (!row.ok) {
        throw new Malformed(row.problem);
      }
      return row.value;
    });
    return exportDocument(entries[0]?.entry.workflow ?? '', entries);
  });
}

async function textOf(path: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of path === '-' ? process.stdin : createReadStream(path)) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes > MOST_BYTES) {
        throw new Unreadable(`it has more than ${MOST_BYTES / 1024 / 1024} MB: export a shorter time`);
      }
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: string };
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : `it cannot be read (${code ?? 'unknown'})`;
}
