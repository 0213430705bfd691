import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../scratch';
import { stableId } from '../template/identity';
import type { Resource } from '../template/model';
import { unzip } from './unzip';

export interface Handler {
  readonly file: string;
  readonly exportName: string;
}

/** Where the code of functions stands on this machine: the assembly's assets, or a scratch folder for inline code. */
export class CodeStore {
  private scratch?: string;

  constructor(private readonly assets: ReadonlyMap<string, string>) {}

  handlerOf(resource: Resource): Handler {
    const { Runtime, Handler: handler = 'index.handler' } = resource.properties;
    if (!/^nodejs/.test(String(Runtime))) {
      throw new Error(`the rehearsal runs Node.js functions only; ${resource.physicalId} wants ${String(Runtime)}`);
    }
    const folder = this.folderOf(resource);
    const dot = String(handler).lastIndexOf('.');
    const base = join(folder, String(handler).slice(0, dot));
    const file = ['.mjs', '.js', '.cjs'].map((ending) => base + ending).find(existsSync);
    if (file === undefined) {
      throw new Error(`the code of ${resource.physicalId} has no ${String(handler).slice(0, dot)} in ${folder}`);
    }
    return { file, exportName: String(handler).slice(dot + 1) };
  }

  close(): void {
    if (this.scratch !== undefined) {
      rmSync(this.scratch, { recursive: true, force: true });
      this.scratch = undefined;
    }
  }

  private folderOf(resource: Resource): string {
    const { ZipFile, S3Key } = resource.properties.Code ?? {};
    if (ZipFile !== undefined) {
      return this.unpack(stableId(ZipFile), (folder) => writeFileSync(join(folder, 'index.js'), ZipFile));
    }
    const path = this.assets.get(String(S3Key).split('/').pop() ?? '') ?? this.assets.get(String(S3Key));
    if (path === undefined) {
      throw new Error(`the assembly has no asset ${String(S3Key)} for ${resource.physicalId}`);
    }
    return statSync(path).isDirectory()
      ? path
      : this.unpack(stableId(path), (folder) => unzip(readFileSync(path), folder));
  }

  private unpack(name: string, write: (folder: string) => void): string {
    this.scratch ??= scratchFolder();
    const folder = join(this.scratch, name.slice(0, 16));
    if (!existsSync(folder)) {
      mkdirSync(folder);
      write(folder);
    }
    return folder;
  }
}
