/** The command as it is installed: the bundle, run by itself. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, ftruncateSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordExport } from '../../contract/record';
import { RECORD, recordKey } from '../../lambda/domain/record';
import manifest from '../../package.json';
import { LocalTable } from '../lambda/table';
import { approved, exported, rejected, tampered } from './recorded';

const COMMAND = join(__dirname, '..', '..', 'assets', 'cli', 'index.mjs');
const folder = mkdtempSync(join(tmpdir(), 'record-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
  const options = { input, encoding: 'utf8' as const, env: { ...process.env, ...env } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], options);
  return { status, stdout, stderr };
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const verifying = (document: unknown, ...args: readonly string[]) =>
  run(['verify', '-', ...args], JSON.stringify(document));

/** As `aws dynamodb query` prints it: the answer of a table, as it came. */
async function queried({ entries }: RecordExport): Promise<object> {
  const local = await LocalTable.start();
  const TableName = await local.create();
  for (const row of entries) {
    const Item = { pk: RECORD, sk: recordKey(row.n), ttl: 1, ...row };
    await local.documents.send(new PutCommand({ TableName, Item }));
  }
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: local.endpoint, region: 'eu-west-1', credentials });
  const { Items, Count, ScannedCount } = await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :record',
      ExpressionAttributeValues: { ':record': { S: RECORD } },
    }),
  );
  client.destroy();
  local.stop();
  return { Items, Count, ScannedCount, ConsumedCapacity: null };
}

const RECORDED = exported(approved(), rejected('second'));
const last = RECORDED.entries[1]?.hash ?? '';

describe('verify', () => {
  test('says who approved what, when and how that is proven, and exits with 0', () => {
    const { status, stdout, stderr } = run(['verify', file('record.json', JSON.stringify(RECORDED))]);

    expect(stdout).toBe(
      [
        'Record of the workflow shop',
        '',
        '1  2026-11-23T08:01:30Z  APPROVED  shop / Prod / Approve',
        '   app abc123 “fix the cart”, by dev@example.com',
        '   approve by <ana@example.com> at 2026-11-23T08:01:00Z (signed) “read it”',
        '   approve by <bo@example.com> at 2026-11-23T08:01:30Z (signed)',
        '',
        '2  2026-11-23T08:01:10Z  REJECTED  shop / Prod / Approve',
        '   app abc123 “fix the cart”, by dev@example.com',
        '   reject by <cy@example.com> at 2026-11-23T08:01:10Z (signed) “not today”',
        '',
        '2 entries, 3 signatures verified, no findings',
        `The chain ends at 2:${last}`,
        '',
      ].join('\n'),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('names each entry that does not hold, and exits with 1', () => {
    const { status, stdout } = verifying(tampered(RECORDED, 2, () => ({ votes: [] })));

    expect(status).toBe(1);
    expect(stdout).toContain('2 findings');
    expect(stdout).toContain('✗ entry 2: its hash is not that of what it says: it was changed');
  });

  test('knows anchors, and says what an export that begins later hangs on', () => {
    const rest = { ...RECORDED, entries: RECORDED.entries.slice(1) };
    const first = `1:${RECORDED.entries[0]?.hash ?? ''}`;

    expect(verifying(rest).stdout).toContain('What came before entry 2 is not here: pin it with --after 1:<hash>.');
    expect(verifying(rest, '--after', first).stdout).not.toContain('What came before');
    expect(verifying(rest, '--after', `1:${'a'.repeat(64)}`).status).toBe(1);
    expect(verifying(RECORDED, '--anchor', first, '--anchor', `2:${last}`).status).toBe(0);
    expect(verifying(RECORDED, '--anchor', first, '--anchor', `3:${last}`).status).toBe(1);
  });

  test('reads what the AWS CLI prints', async () => {
    expect(verifying(await queried(RECORDED))).toEqual(verifying(RECORDED));
  });

  test('has a form for other programs', () => {
    const { status, stdout } = verifying(
      tampered(RECORDED, 2, () => ({ votes: [] })),
      '--json',
    );

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      workflow: 'shop',
      findings: [{ n: 2 }, { n: 2 }],
      last: { n: 2, hash: last },
      entries: [
        { n: 1, outcome: { kind: 'APPROVED' }, votes: [{ mail: 'ana@example.com', proven: true }, {}] },
        { n: 2 },
      ],
    });
  });

  test('is plain in a pipe, and coloured where somebody asks for it', () => {
    expect(verifying(RECORDED).stdout).not.toContain('\u001b');
    expect(run(['verify', '-'], JSON.stringify(RECORDED), { CI: '1' }).stdout).not.toContain('\u001b');
    expect(run(['verify', '-'], JSON.stringify(RECORDED), { FORCE_COLOR: '1' }).stdout).toContain('\u001b[32mAPPROVED');
  });
});

describe('what others wrote', () => {
  const hostile = 'fix\u001b]0;owned\u0007\u009b2J\n\u202e\u{e0041}✗ entry 9: forged';
  const entry = approved('first', {
    run: { ...approved().run, revisions: [{ name: hostile, id: hostile, message: hostile, author: hostile }] } as never,
    gate: { pipeline: 'shop', stage: 'Prod', action: 'Approve' },
    outcome: { kind: 'APPROVED', by: 'BYPASS', at: '2026-11-23T08:01:30.000Z', summary: hostile },
    votes: [],
  });

  test.each([[[]], [['--json']]])('commands no terminal, with %j', (args) => {
    const { stdout } = verifying(exported(entry), ...args);

    expect(stdout).toContain('owned');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]|\u{e0041}/u);
    expect(stdout).not.toMatch(/^✗/m);
  });

  test('is in the JSON what it was', () => {
    const { stdout } = verifying(exported(entry), '--json');

    const { entries } = JSON.parse(stdout) as { entries: { outcome: { summary: string } }[] };
    expect(entries[0]?.outcome.summary).toBe(hostile);
  });

  test('is no property of anything else', () => {
    const text = JSON.stringify(RECORDED).replace(
      '"workflow"',
      '"__proto__":{"findings":[]},"constructor":1,"workflow"',
    );

    expect(run(['verify', '-'], text).status).toBe(0);
    const inside = JSON.stringify(RECORDED).replace('"gate":', '"__proto__":{"request":"x"},"gate":');
    expect(run(['verify', '-'], inside).stdout).toContain('entry 1: its hash is not that of what it says');
  });
});

test('says its version, and where the releases of an app are rehearsed', () => {
  expect(run(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  expect(run(['-V']).stdout).toBe(`${manifest.version}\n`);
  const help = run(['--help']);
  expect(help.status).toBe(0);
  expect(help.stdout).toContain('npx approval-rehearsal, of the package cdk-approval-gates-rehearsal');
});

test('the name of a file commands no terminal', () => {
  expect(run(['verify', 'a\u001b]0;owned\u0007.json']).stderr).toBe(
    'a ]0;owned .json cannot be read: there is no such file\n',
  );
});

describe('what is no record is refused with 2, in words that repeat nothing of it', () => {
  const big = join(folder, 'big.json');
  beforeAll(() => {
    const descriptor = openSync(big, 'w');
    ftruncateSync(descriptor, 129 * 1024 * 1024);
    closeSync(descriptor);
  });

  test.each<[string, readonly string[], string]>([
    ['a file that is not there', ['verify', 'nope.json'], 'nope.json cannot be read: there is no such file\n'],
    ['a folder', ['verify', folder], `${folder} cannot be read: it is a folder`],
    ['a file that is too large', ['verify', big], `${big} cannot be read: it has more than 128 MB`],
    [
      'what is not UTF-8',
      ['verify', file('latin1', Buffer.from([0x7b, 0xff, 0x7d]))],
      'latin1 is no record that can be verified: it is not UTF-8',
    ],
    ['what is not JSON', ['verify', file('text', 'secret')], 'file: not JSON'],
    ['a list', ['verify', file('list', '[]')], '`file` is not an object'],
    ['another document', ['verify', file('other', '{"kind":"secret"}')], '`kind` is not cdk-approval-gates/record'],
    ['no file at all', ['verify'], "missing required argument 'file'"],
    ['an anchor that is none', ['verify', '-', '--anchor', 'secret'], 'must be a number and a hash'],
    ['an unknown option', ['verify', '-', '--force'], "unknown option '--force'"],
    ['an unknown command', ['approve'], "unknown command 'approve'"],
    ['no command', [], 'Usage: cdk-approval-gates'],
  ])('%s', (_, args, problem) => {
    const { status, stdout, stderr } = run(args);

    expect(stderr).toContain(problem);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test.each<[string, unknown, string]>([
    ['an entry that lacks something', tampered(RECORDED, 2, () => ({ outcome: undefined })), 'entry 2: `outcome`'],
    ['a record without entries', exported(), 'there is no entry in it'],
    ['an answer without entries', { Items: [], Count: 0 }, 'there is no entry in it'],
    [
      'people in a rule that asks nobody',
      tampered(RECORDED, 2, () => ({ rule: { kind: 'AUTOMATED', people: {} } })),
      'entry 2: `people` stands in a rule that asks nobody',
    ],
    ['the first page of an answer', { Items: [], NextToken: 'x' }, 'this is the first part of an answer'],
    ['the first page of a call', { Items: [], LastEvaluatedKey: {} }, 'this is the first part of an answer'],
    ['items that are none', { Items: [1] }, '`Items` is not an object'],
    ['an item of another kind', { Items: [{ s: { SS: ['a'] } }] }, 'of a type that the record does not have'],
    ['an item with two types', { Items: [{ n: { N: '1', S: '1' } }] }, 'is none of DynamoDB’s'],
    ['an item of another version', { Items: [{ v: { N: '2' }, n: { N: '7' } }] }, 'entry 7: `v` is not 1'],
  ])('%s', (_, document, problem) => {
    const { status, stderr } = verifying(document);

    expect(stderr).toContain(problem);
    expect(status).toBe(2);
  });

  test('what is nested without end', () => {
    const deep = `{"Items":[{"n":${'{"M":{"a":'.repeat(50_000)}{"N":"1"}${'}}'.repeat(50_000)}}]}`;

    expect(run(['verify', '-'], deep)).toMatchObject({ status: 2 });
  });
});
