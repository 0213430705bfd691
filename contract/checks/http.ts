import type { CheckTiming } from './timing';

export interface HttpCheckPlan extends CheckTiming {
  readonly kind: 'http';
  readonly url: string;
  readonly minStatus: number;
  readonly maxStatus: number;
  /** Text the body must hold. */
  readonly contains?: string;
  /** JMESPath expression over the JSON body that must give true. */
  readonly condition?: string;
  readonly timeoutSeconds: number;
  /** A slower answer is not healthy. */
  readonly maxMilliseconds?: number;
  /** Plain http was allowed explicitly. */
  readonly insecure?: boolean;
  /** Headers whose values are secrets: read when the check is measured, at most `MOST_SECRET_HEADERS`. */
  readonly secretHeaders?: readonly SecretHeader[];
  /** ARN of the function that asks, in a network of the user's. Absent = the check function asks, and only public addresses. */
  readonly probe?: string;
}

export interface SecretHeader {
  readonly name: string;
  /** ARN of the secret in Secrets Manager, with or without the six characters at its end. */
  readonly secret: string;
  /** The field of a secret that is a JSON object. Absent = the whole secret. */
  readonly field?: string;
  /** What stands before the secret in the header, such as `Bearer `. */
  readonly prefix?: string;
}

export const MOST_SECRET_HEADERS = 5;

/** What the check function asks a probe. It answers `HttpProbeReply`. */
export interface HttpProbeEvent {
  readonly kind: 'http-probe';
  readonly plan: HttpCheckPlan;
  /** Headers with their secret values. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpProbeReply {
  readonly verdict: 'PASS' | 'FAIL' | 'ERROR';
  readonly reason: string;
  readonly value?: string;
  readonly threshold?: string;
}
