// Rewrites the compiled index files so that a name loads its own module when it is first used, as aws-cdk-lib does: an app
// with a native gate alone then loads neither Lambda nor CodeDeploy. The compiler only knows `__exportStar`, which loads all.
// Usage: node scripts/lazy-index.mjs [compiled index file, default dist/lib/index.js]
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const require = createRequire(import.meta.url);

/** Every name that an index exports, with the module that defines it; the indexes on the way are rewritten, too. */
function makeLazy(index) {
  const names = Object.keys(require(index));
  const paths = [...readFileSync(index, 'utf8').matchAll(/require\("(\.[^"]+)"\)/g)].map(([, path]) => path);
  const modules = paths.map((path) => require.resolve(resolve(dirname(index), path)));
  const known = modules.flatMap((file) =>
    basename(file) === 'index.js' ? makeLazy(file) : Object.keys(require(file)).map((name) => [name, file]),
  );
  const owners = names.map((name) => {
    // The first module that exports a name has it, as with `export *`.
    const owner = known.find(([other]) => other === name);
    if (owner === undefined) {
      throw new Error(`${index} exports ${name}, but no module that it loads does: export it under its own name`);
    }
    return owner;
  });
  writeFileSync(index, render(index, owners));
  return owners;
}

function render(index, names) {
  const getters = names.map(([name, file]) => {
    const path = `./${relative(dirname(index), file).replaceAll('\\', '/').replace(/\.js$/, '')}`;
    return `lazy("${name}", () => require("${path}").${name});`;
  });
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // Where ECMAScript modules import a CommonJS module by name, Node.js finds the names by such assignments.
    ...names.map(([name]) => `exports.${name} = void 0;`),
    'function lazy(name, load) {',
    '  const get = () => {',
    '    const value = load();',
    '    Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });',
    '    return value;',
    '  };',
    '  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });',
    '}',
    ...getters,
    '',
  ].join('\n');
}

makeLazy(resolve(process.argv[2] ?? `${root}dist/lib/index.js`));
