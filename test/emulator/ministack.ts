/** An emulator of AWS that is not ours: ministack, from PyPI, in the virtual environment of the checks. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const READY_WITHIN = 60_000;

/** Where the command stands, or undefined where it is not installed. */
export const COMMAND = [process.env.MINISTACK_PATH, join(ROOT, '.venv/bin/ministack')].find(
  (path) => path !== undefined && existsSync(path),
);

export class Ministack {
  private constructor(
    readonly port: number,
    readonly account: string,
    readonly region: string,
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly output: readonly string[],
  ) {}

  static async start(account: string, region: string): Promise<Ministack> {
    if (COMMAND === undefined) throw new Error('ministack is not installed');
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
    const output: string[] = [];
    const child = spawn(COMMAND, [], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TMPDIR: folder,
        GATEWAY_PORT: String(port),
        MINISTACK_HOST: 'localhost',
        MINISTACK_REGION: region,
        LAMBDA_EXECUTOR: 'local',
        // What Lambda's runtime brings: the SDK.
        NODE_PATH: [join(ROOT, 'node_modules'), process.env.NODE_PATH].filter(Boolean).join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of processes of its own: the functions' go with it.
      detached: true,
    });
    [child.stdout, child.stderr].forEach((stream) => stream.on('data', (data: Buffer) => output.push(data.toString())));
    const ministack = new Ministack(port, account, region, child, folder, output);
    try {
      await ministack.ready();
    } catch (error) {
      await ministack.stop();
      throw error;
    }
    return ministack;
  }

  /** For SDK clients. The id of the key names the account. */
  get client() {
    return {
      endpoint: this.url,
      region: this.region,
      credentials: { accessKeyId: this.account, secretAccessKey: 'any' },
      forcePathStyle: true,
    };
  }

  /** Where it serves an HTTP API: its host names are not known to every resolver. */
  addressOfApi({ hostname, pathname, search }: URL): string {
    return `${this.url}/_aws/execute-api/${hostname.split('.')[0]}/$default${pathname}${search}`;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** What it wrote. */
  get log(): string {
    return this.output.join('');
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.pid !== undefined) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve));
      // Asked politely, it waits for connections that are still open.
      process.kill(-this.process.pid, 'SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    for (const end = Date.now() + READY_WITHIN; Date.now() < end;) {
      if (this.process.exitCode !== null) break;
      const answer = await fetch(`${this.url}/_ministack/health`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`ministack did not start:\n${this.log}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
