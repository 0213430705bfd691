import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'lazy-index.mjs');
let folder: string;

/** What `export *` becomes, without the helpers. */
const star = (path: string) => `__exportStar(require("${path}"), exports);`;
/** What `export { name } from` becomes. */
const named = (name: string, path: string) => `var m = require("${path}"); exports.${name} = m.${name};`;
const helpers = 'const __exportStar = (m, exports) => Object.assign(exports, m);';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazy-index-'));
  mkdirSync(join(folder, 'gate'));
  const write = (path: string, ...lines: string[]) => writeFileSync(join(folder, path), lines.join('\n'));
  write('index.js', helpers, star('./gate'), named('Rollout', './rollout'));
  write('gate/index.js', helpers, star('./action'), star('./step'));
  write('gate/action.js', 'console.log("loads action");', 'exports.Action = class Action {};', 'exports.Same = 1;');
  write('gate/step.js', 'console.log("loads step");', 'exports.Step = class Step {};', 'exports.Same = 2;');
  write('rollout.js', 'console.log("loads rollout");', 'exports.Rollout = class Rollout {};');
  execFileSync(process.execPath, [SCRIPT, join(folder, 'index.js')]);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (file: string, code: string): string[] => {
  writeFileSync(join(folder, file), code);
  return execFileSync(process.execPath, [join(folder, file)], { encoding: 'utf8' })
    .trim()
    .split('\n');
};

test('loads the module of a name when it is first used, and no other', () => {
  expect(run('app.cjs', 'const all = require("./index.js"); console.log(all.Action.name, all.Action === all.Action);')) //
    .toEqual(['loads action', 'Action true']);
});

test('has all names of the modules behind it, the first one where two have the same', () => {
  expect(run('app.cjs', 'const all = require("./index.js"); console.log(Object.keys(all).join(" "), all.Same);')) //
    .toEqual(['loads action', 'Action Same Step Rollout 1']);
});

test('lets an ECMAScript module import by name', () => {
  expect(run('app.mjs', 'import { Rollout } from "./index.js"; console.log(Rollout.name);')).toContain('Rollout');
});

test('is lazy in a folder of its own, too', () => {
  expect(run('app.cjs', 'console.log(require("./gate/index.js").Step.name);')).toEqual(['loads step', 'Step']);
});
