// `npm start`: says what is wrong with Node before anything else is read, then runs main.ts. Written so that a Node.js
// of many years ago can read it: no `node:` in the names of modules, no `await` outside of a function.
import { createRequire } from 'module';
import process from 'process';

const OLDEST = 20;
const version = process.versions.node;

if (Number(version.split('.')[0]) < OLDEST) {
  process.stderr.write(`The rehearsal needs Node.js ${OLDEST} or newer; this is ${version}.\n`);
  process.exit(2);
}

import('tsx/cjs/api').then(({ register }) => {
  register();
  createRequire(import.meta.url)('./main.ts');
});
