// Runs one function as Lambda would: its handler, its environment, one invocation after the other.
import Module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { bringCallsTo } from './worker-calls.mjs';
import { bringWebTo } from './worker-internet.mjs';
import { realNow, setPresent } from './worker-present.mjs';

const { file, exportName, nodePath, calls, present: loadedAt } = workerData;
const { REHEARSAL_INTERNET: internet } = process.env;
delete process.env.REHEARSAL_INTERNET;
setPresent(loadedAt);
if (calls !== undefined) bringCallsTo(calls.endpoint, calls.port);
if (internet !== undefined) bringWebTo(internet);

for (const [name, level] of [
  ['log', 'log'],
  ['info', 'log'],
  ['debug', 'log'],
  ['warn', 'error'],
  ['error', 'error'],
]) {
  console[name] = (...parts) => parentPort.postMessage({ kind: 'log', level, text: format(...parts) });
}
process.stdout.write = (text) => (
  parentPort.postMessage({ kind: 'log', level: 'log', text: String(text).trimEnd() }),
  true
);
process.stderr.write = (text) => (
  parentPort.postMessage({ kind: 'log', level: 'error', text: String(text).trimEnd() }),
  true
);

// The runtime offers the SDK to CommonJS code by NODE_PATH.
process.env.NODE_PATH = nodePath;
Module._initPaths();

function failure(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function callbackStyle(handler, event, context) {
  return new Promise((resolve, reject) => {
    handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

async function load() {
  if (!file.endsWith('.mjs')) {
    try {
      return createRequire(file)(file);
    } catch (error) {
      if (!String(error.code).startsWith('ERR_REQUIRE_')) {
        throw error;
      }
    }
  }
  return import(pathToFileURL(file).href);
}

let handler;
try {
  const loaded = await load();
  handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${file} exports no function ${exportName}`), { name: 'Runtime.HandlerNotFound' });
  }
  parentPort.postMessage({ kind: 'ready' });
} catch (error) {
  parentPort.postMessage({ kind: 'broken', error: failure(error) });
}

parentPort.on('message', async ({ id, event, context, deadline, present }) => {
  setPresent(present);
  const full = {
    ...context,
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
    callbackWaitsForEmptyEventLoop: false,
  };
  try {
    const result = await (handler.length >= 3 ? callbackStyle(handler, event, full) : handler(event, full));
    parentPort.postMessage({ kind: 'result', id, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', id, error: failure(error) });
  }
});
