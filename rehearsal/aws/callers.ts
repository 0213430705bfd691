import { createHash } from 'node:crypto';
import type { Caller } from '../service';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who calls, told by the access key: one key per caller. Signatures are not checked, nothing here is secret. */
export class Callers {
  private readonly byKey = new Map<string, Caller>();
  private readonly keys = new Map<string, AccessKey>();

  /** The key of a caller, always the same one. */
  keyOf(caller: Caller): AccessKey {
    const id = `${caller.principal} ${caller.arn}`;
    const existing = this.keys.get(id);
    if (existing !== undefined) {
      return existing;
    }
    const hash = createHash('sha256').update(id).digest('hex').toUpperCase();
    const session = caller.arn !== caller.roleArn;
    const key: AccessKey = {
      accessKeyId: `${session ? 'ASIA' : 'AKIA'}${hash.slice(0, 16)}`,
      secretAccessKey: hash.slice(0, 40).toLowerCase(),
      ...(session ? { sessionToken: hash } : {}),
    };
    this.keys.set(id, key);
    this.byKey.set(key.accessKeyId, caller);
    return key;
  }

  find(accessKeyId: string): Caller | undefined {
    return this.byKey.get(accessKeyId);
  }
}

/** The caller behind a role, or behind a session of it. */
export function callerOf(roleArn: string, session?: string, principal?: string): Caller {
  const [, account = '', path = ''] = /^arn:aws:iam::(\d+):role\/(.+)$/.exec(roleArn) ?? [];
  const name = path.split('/').pop() ?? path;
  return {
    principal: principal ?? (name === '' ? roleArn : name),
    arn: session === undefined ? roleArn : `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
    roleArn,
  };
}

/** The account that a caller belongs to: services answer with what is in it. */
export function accountOf({ roleArn }: Pick<Caller, 'roleArn'>): string {
  return roleArn.split(':')[4] ?? '';
}
