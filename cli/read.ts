/** Reads the record from a file or standard input: an export, or what `aws dynamodb query` printed. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { RecordExport } from '../contract/record';
import { cleanText } from '../lambda/domain/clean-text';
import { exportDocument } from '../lambda/domain/record';
import { parseRecordExport, parseRecordRow } from '../lambda/domain/parse-record';
import { json, list, Malformed, object, parsed, type Fields, type Parsed } from '../lambda/domain/parsed';
import { plainItem } from './dynamodb-json';

/** Some 40,000 requests; nobody has to hold more than that in memory at once. */
const MOST_BYTES = 128 * 1024 * 1024;
/** That a file system has. */
const LONGEST_PATH = 4096;

/**
 * @param path `-` for standard input
 * @throws Error that names the file and says why, in words that repeat nothing of its content
 */
export async function readRecord(path: string): Promise<RecordExport> {
  const file = path === '-' ? 'Standard input' : cleanText(path, LONGEST_PATH);
  const bytes = await bytesOf(path).catch((error: unknown) => {
    throw new Error(`${file} cannot be read: ${reasonOf(error)}`);
  });
  const refuse = (problem: string): never => {
    throw new Error(`${file} is no record that can be verified: ${problem}`);
  };
  if (!isUtf8(bytes)) return refuse('it is not UTF-8');
  const read = recordIn(new TextDecoder().decode(bytes));
  if (!read.ok) return refuse(read.problem);
  return read.value.entries.length === 0 ? refuse('there is no entry in it') : read.value;
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

async function bytesOf(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of path === '-' ? process.stdin : createReadStream(path)) {
    parts.push(part as Buffer);
    bytes += (part as Buffer).length;
    if (bytes > MOST_BYTES) {
      throw new Error(`it has more than ${MOST_BYTES / 1024 / 1024} MB, so export a shorter time`);
    }
  }
  return Buffer.concat(parts);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as Error & { readonly code?: string };
  return REASONS[code] ?? message;
}
