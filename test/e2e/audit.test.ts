/** The walk of docs/audit.md: every command of it runs, on the record of a rehearsal, and prints what the page says. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Rehearsal } from '../../rehearsal/scenario/rehearsal';
import type { Step } from '../../rehearsal/scenario/schema';
import { Steps } from '../../rehearsal/scenario/steps';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/audit.md');
const GATE = 'Prod/Approve';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let rehearsal: Rehearsal;
let server: Server;
const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const environment: NodeJS.ProcessEnv = { ...process.env };

beforeAll(async () => {
  const assembly = await sharedAssembly(join(ROOT, 'examples/workflow-gate.ts'));
  rehearsal = new Rehearsal(await World.create(assembly, { start: '2026-11-02T09:00:00Z' }));
  await november(new Steps(rehearsal));
  server = await awsCli(rehearsal.world);
  const [requests] = rehearsal.world
    .resources('AWS::DynamoDB::Table')
    .filter(({ logicalId }) => logicalId.includes('Requests'));
  const decided = rehearsal.world.events.findLast((event) => event['detail-type'] === 'Approval Decided');
  environment['REQUESTS'] = requests?.physicalId;
  environment['ANCHOR'] = `${decided?.detail.record.n}:${decided?.detail.record.hash}`;
}, 120_000);

afterAll(async () => {
  server.close();
  await rehearsal.close();
  rmSync(folder, { recursive: true });
});

/** One change is approved, one rejected, one let through in the console, and one forgotten. */
async function november(steps: Steps): Promise<void> {
  const { clock } = rehearsal.world;
  const asks = async (message: string) => {
    rehearsal.push({ message, author: 'dora' });
    await steps.run({
      wait: { until: { gate: { [GATE]: 'asks' }, mail: [{ to: 'ana@example.com' }] }, within: HOUR },
    } as Step);
    await clock.advanceBy(20 * 60_000);
  };
  const answered = async (step: object) => {
    await steps.run(step as Step);
    await clock.advanceBy(6 * 60_000);
  };
  await asks('Sell mugs');
  await answered({ approve: { gate: GATE, as: 'ana@example.com', comment: 'in time for the fair' } });
  await answered({ approve: { gate: GATE, as: 'cy@example.com' } });
  await clock.advanceBy(7 * DAY);
  await asks('Sell tea');
  await answered({ reject: { gate: GATE, as: 'bo@example.com', comment: 'the tax report is open' } });
  await clock.advanceBy(4 * DAY);
  await asks('Sell cups');
  const mallory = 'arn:aws:sts::111111111111:assumed-role/Admin/mallory';
  await answered({ console: { gate: GATE, verdict: 'approve', as: mallory, summary: 'in a hurry' } });
  await clock.advanceBy(5 * DAY);
  await asks('Sell plates');
  await clock.advanceBy(3 * DAY);
}

/** `aws` of the shell asks here, with its arguments as they were typed, and the table of the rehearsal answers. */
async function awsCli(world: World): Promise<Server> {
  const listening = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [service = '', operation = '', ...options] = JSON.parse(Buffer.concat(parts).toString()) as string[];
      world.call(service, pascal(operation), inputOf(options)).then(
        (answer) => response.end(JSON.stringify(answer, undefined, 4)),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const ask = `fetch('http://127.0.0.1:${port}', { method: 'POST', body: JSON.stringify(process.argv.slice(2)) })`;
  const print = 'if (!answer.ok) process.exitCode = 255; process.stdout.write(await answer.text());';
  script('aws', `#!${process.execPath}\n${ask}.then(async (answer) => { ${print} });\n`);
  script(
    'npx',
    `#!/bin/sh\n[ "$1" = cdk-approval-gates ] && shift && exec node "${join(ROOT, 'assets/cli/index.mjs')}" "$@"\n`,
  );
  environment['PATH'] = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
  return listening;
}

function script(name: string, content: string): void {
  writeFileSync(join(folder, name), content);
  chmodSync(join(folder, name), 0o755);
}

const pascal = (words: string) => words.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Options of the AWS CLI: `--consistent-read`, `--table-name name`, `--expression-attribute-values '{…}'`. */
function inputOf(options: readonly string[]): object {
  const input: Record<string, unknown> = {};
  options.forEach((option, index) => {
    if (option.startsWith('--')) {
      const value = options[index + 1];
      input[pascal(option.slice(2))] =
        value === undefined || value.startsWith('--') ? true : value.startsWith('{') ? JSON.parse(value) : value;
    }
  });
  return input;
}

/** Everything on standard output, hashes as the page writes them. */
function run(commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Bash may take a socket as its input for a remote login, and read a file that puts other programs in front.
    const shell = spawn('bash', ['--norc', '-c', commands], { cwd: folder, env: environment });
    let [output, errors] = ['', ''];
    shell.stdout.on('data', (part: Buffer) => (output += part.toString()));
    shell.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    shell.on('error', reject);
    shell.on('close', () => resolve(`${errors}${output}`.replace(/[0-9a-f]{64}/g, '…')));
  });
}

test('every command of docs/audit.md prints what the page says', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/g)];
  expect(blocks.length).toBeGreaterThan(4);
  let printed = page;
  for (const [whole, commands = ''] of blocks) {
    const output = await run(commands);
    printed = printed.replace(whole, () =>
      whole.includes('```text') ? `\`\`\`sh\n${commands}\`\`\`\n\n\`\`\`text\n${output}\`\`\`\n` : whole,
    );
    expect(whole.includes('```text') ? '' : output).toBe('');
  }
  if (process.env['UPDATE_DOCS'] === '1') {
    writeFileSync(PAGE, printed);
  }
  expect(readFileSync(PAGE, 'utf8')).toBe(printed);
}, 60_000);
