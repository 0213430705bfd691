import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

const place = mkdtempSync(join(tmpdir(), 'scratch-'));

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** In a process of its own: what it says while it has its folder. */
function inAProcess(code: string): string {
  const program = `const { scratchFolder } = require(${JSON.stringify(join(__dirname, '../scratch'))}); ${code}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', '--eval', program], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, TMPDIR: place },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function folderOf(process: number, machine = hostname()): string {
  const folder = join(place, `rehearsal-${machine}-${process}-abcdef`);
  mkdirSync(join(folder, 'asset'), { recursive: true });
  return folder;
}

/** It ran a moment ago. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--eval', '']).pid;
}

test('the folders of a process are there while it runs, and go with it', () => {
  const shown = inAProcess(
    "const folders = [scratchFolder(), scratchFolder()]; const { writeFileSync } = require('fs'); folders.forEach((one) => writeFileSync(one + '/a', '')); console.log(JSON.stringify(folders))",
  );
  const folders = JSON.parse(shown) as string[];
  expect(new Set(folders).size).toBe(2);
  expect(folders.map((folder) => folder.startsWith(place))).toEqual([true, true]);
  expect(folders.filter(existsSync)).toEqual([]);
});

test('what a process has left that was killed is removed by the next one', () => {
  const left = folderOf(endedProcess());
  inAProcess('scratchFolder()');
  expect(existsSync(left)).toBe(false);
});

test('the folder of a process that runs stays', () => {
  const theirs = folderOf(process.pid);
  inAProcess('scratchFolder()');
  expect(existsSync(theirs)).toBe(true);
});

test('the folder of another machine stays: nobody knows here what runs there', () => {
  const theirs = folderOf(endedProcess(), 'another-machine');
  inAProcess('scratchFolder()');
  expect(existsSync(theirs)).toBe(true);
});
