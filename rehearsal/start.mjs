// `npm start`: says what is wrong with Node before anything else is read, then runs main.ts.
import { createRequire } from 'node:module';
import process from 'node:process';

const OLDEST = 20;
const version = process.versions.node;

if (Number(version.split('.')[0]) < OLDEST) {
  process.stderr.write(`The rehearsal needs Node.js ${OLDEST} or newer; this is ${version}.\n`);
  process.exit(2);
}

const { register } = await import('tsx/cjs/api');
register();
createRequire(import.meta.url)('./main.ts');
