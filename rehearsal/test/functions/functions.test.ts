import { strToU8, zipSync } from 'fflate';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox } from '../../functions/sandbox';
import { unzip } from '../../functions/unzip';
import { Versions } from '../../functions/versions';
import type { Resource } from '../../template/model';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-test-'));
const open: Sandbox[] = [];

function sandbox(
  code: string,
  options: { file?: string; timeoutSeconds?: number; environment?: Record<string, string>; now?: () => number } = {},
) {
  const file = join(folder, options.file ?? `f${open.length}.js`);
  writeFileSync(file, code);
  const lines: string[] = [];
  const own = new Sandbox({
    functionName: 'f',
    version: '1',
    file,
    exportName: 'handler',
    environment: options.environment ?? {},
    timeoutSeconds: options.timeoutSeconds ?? 10,
    memoryMegabytes: 128,
    ...(options.now === undefined ? {} : { now: options.now }),
    log: (level, text) => lines.push(`${level} ${text}`),
  });
  open.push(own);
  return { invoke: (event: unknown = {}) => own.invoke(event, { awsRequestId: 'r' }), lines };
}

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

describe('Sandbox', () => {
  test('stays warm, and sees its own environment only', async () => {
    process.env.SECRET_OF_THE_HOST = 'x';
    const { invoke, lines } = sandbox(
      `let n = 0; exports.handler = async (event) => { console.log('hello %s', event.a); console.error('oh'); return { n: ++n, env: process.env }; };`,
      { environment: { OWN: '1' } },
    );
    await invoke({ a: 'b' });
    const { payload } = (await invoke({ a: 'c' })) as any;
    expect(payload.n).toBe(2);
    expect(payload.env).toMatchObject({ OWN: '1' });
    expect(Object.keys(payload.env).sort()).toEqual(['NODE_PATH', 'OWN']);
    expect(lines).toEqual(['log hello b', 'error oh', 'log hello c', 'error oh']);
  });

  test('runs ES modules, and CommonJS code that requires the SDK', async () => {
    const module = sandbox(`await 0; export const handler = async () => 'module';`, { file: 'm.mjs' });
    const common = sandbox(
      `exports.handler = (event, context, done) => done(null, typeof require('@aws-sdk/client-sts').STSClient);`,
    );
    expect(await module.invoke()).toEqual({ payload: 'module' });
    expect(await common.invoke()).toEqual({ payload: 'function' });
  });

  test('tells an error as Lambda does', async () => {
    const { invoke } = sandbox(`exports.handler = async () => { throw new RangeError('too far'); };`);
    expect(await invoke()).toMatchObject({ failure: { errorType: 'RangeError', errorMessage: 'too far' } });
  });

  test('tells a function the time of the rehearsal from its first line on, which goes on in whole seconds while it works', async () => {
    let now = Date.parse('2030-01-07T09:00:00Z');
    const { invoke } = sandbox(
      `const loaded = Date.now();
       exports.handler = async ({ wait }, context) => {
         const before = Date.now();
         await new Promise((resolve) => setTimeout(resolve, wait));
         const { constructor } = new Date();
         return { loaded, before, text: Date(), took: new Date() - before, left: context.getRemainingTimeInMillis(), of: new Date(0).toISOString(), is: new Date() instanceof Date && constructor === Date };
       };`,
      { now: () => now },
    );
    const { payload: first } = (await invoke({ wait: 20 })) as any;
    now += 86_400_000;
    const { payload: second } = (await invoke({ wait: 1_050 })) as any;

    expect(first).toMatchObject({
      loaded: Date.parse('2030-01-07T09:00:00Z'),
      before: Date.parse('2030-01-07T09:00:00Z'),
    });
    expect(first.text).toContain('2030');
    expect(first.left).toBeGreaterThan(0);
    expect(first).toMatchObject({ of: '1970-01-01T00:00:00.000Z', is: true, took: 0 });
    expect(second).toMatchObject({ before: Date.parse('2030-01-08T09:00:00Z') });
    expect(second.took).toBeGreaterThan(0);
    expect(second.took % 1_000).toBe(0);
  });

  test('ends a function that takes too long, and starts it anew', async () => {
    const { invoke } = sandbox(
      `exports.handler = async ({ hang }) => hang ? new Promise(() => setInterval(() => {}, 9)) : 'fine';`,
      {
        timeoutSeconds: 0.1,
      },
    );
    expect(await invoke({ hang: true })).toMatchObject({ failure: { errorType: 'Sandbox.Timedout' } });
    expect(await invoke({})).toEqual({ payload: 'fine' });
  });

  test('survives a function that ends its process', async () => {
    const { invoke } = sandbox(`exports.handler = async ({ exit }) => exit ? process.exit(3) : 'fine';`);
    expect(await invoke({ exit: true })).toMatchObject({ failure: { errorType: 'Runtime.ExitError' } });
    expect(await invoke({})).toEqual({ payload: 'fine' });
  });

  test('names code that cannot be loaded, and a handler that is not there', async () => {
    expect(await sandbox(`throw new Error('at load')`).invoke()).toMatchObject({
      failure: { errorMessage: 'at load' },
    });
    expect(await sandbox(`exports.other = 1`).invoke()).toMatchObject({
      failure: { errorType: 'Runtime.HandlerNotFound' },
    });
  });
});

describe('Versions', () => {
  const resource = (version: string): Resource =>
    ({
      physicalId: 'f',
      account: '1',
      region: 'eu-west-1',
      arn: 'arn:aws:lambda:eu-west-1:1:function:f',
      properties: { version },
    }) as unknown as Resource;
  const versionOf = (number: string): Resource =>
    ({ properties: { FunctionName: 'f' }, attributes: { Version: number } }) as unknown as Resource;

  function two(): Versions {
    const versions = new Versions();
    versions.put(resource('old'));
    versions.publish(versionOf('1'));
    versions.put(resource('new'));
    versions.publish(versionOf('2'));
    return versions;
  }

  test('a version stays as it was published', () => {
    const versions = two();
    expect(versions.versions('f')).toEqual(['1', '2']);
    expect(versions.target('f:1').resource.properties.version).toBe('old');
    expect(versions.target('arn:aws:lambda:eu-west-1:1:function:f').resource.properties.version).toBe('new');
  });

  test.each([
    [0.1, 10],
    [0.25, 25],
    [1, 100],
    [0, 0],
  ])('an alias with weight %s sends %s of a hundred there', (weight, expected) => {
    const versions = two();
    versions.setAlias('f', 'live', '1', { '2': weight });
    const hits = Array.from({ length: 100 }, () => versions.target('f', 'live').version);
    expect(hits.filter((version) => version === '2')).toHaveLength(expected);
  });

  test('an alias cannot point at what is not there', () => {
    expect(() => two().setAlias('f', 'live', '3')).toThrow('Function not found: f:3');
    expect(() => two().target('f', 'live')).toThrow('Function not found: f:live');
  });
});

describe('unzip', () => {
  const zip = (name: string, text: string): Buffer => Buffer.from(zipSync({ [name]: strToU8(text) }));

  test('unpacks a file, and refuses one that points elsewhere', () => {
    unzip(zip('src/index.js', 'exports.a = 1;'), folder);
    expect(readFileSync(join(folder, 'src/index.js'), 'utf8')).toBe('exports.a = 1;');
    expect(() => unzip(zip('../evil.js', 'x'), folder)).toThrow('points out of it');
    expect(() => unzip(Buffer.from('no'), folder)).toThrow('not a zip file');
  });
});
