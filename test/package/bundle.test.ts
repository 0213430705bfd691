import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ASSETS = mkdtempSync(join(tmpdir(), 'assets-'));

const bundle = () => execFileSync(process.execPath, ['scripts/bundle.mjs', ASSETS], { cwd: ROOT, encoding: 'utf8' });

/** Each file of the bundles, with what changes when it is written again. */
function files(): Record<string, string> {
  const names = readdirSync(ASSETS, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .map((name) => ({ name, stat: statSync(join(ASSETS, name), { bigint: true }) }))
      .filter(({ stat }) => stat.isFile())
      .map(({ name, stat }) => [name, `${stat.ino} ${stat.mtimeNs}`]),
  );
}

describe('bundling again', () => {
  beforeAll(bundle);

  test('touches no file that stays the same, so a synth that runs at the same time can go on', () => {
    const before = files();

    bundle();

    expect(Object.keys(before)).toEqual(expect.arrayContaining([join('check', 'index.mjs'), join('cli', 'index.mjs')]));
    expect(files()).toEqual(before);
  });

  test('removes what is of no bundle, and mends what was changed', () => {
    const stray = join(ASSETS, 'hook', 'stray.mjs');
    const index = join(ASSETS, 'hook', 'index.mjs');
    const { size } = statSync(index);
    writeFileSync(stray, '');
    appendFileSync(index, 'changed');

    bundle();

    expect(existsSync(stray)).toBe(false);
    expect(statSync(index).size).toBe(size);
  });
});
