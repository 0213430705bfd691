/** A local AWS service: operations by name, called with the SDK's own shapes. */
export interface Caller {
  /** Logical name of the function or engine that calls. */
  readonly principal: string;
  /** ARN of its role, or of the assumed-role session: `arn:aws:sts::111111111111:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** ARN of the role itself, whose policies decide. */
  readonly roleArn: string;
  /** Region of the call, where it came over the wire. */
  readonly region?: string;
}

/**
 * One operation: input as the SDK sent it (timestamps of JSON protocols are epoch seconds), output as the SDK expects
 * it (`Date` and `Uint8Array` are written as the protocol wants them). Throws `AwsError` for a refusal.
 */
export type Operation = (input: any, caller: Caller) => Promise<object> | object;

/** One question that IAM would be asked about a call. */
export interface Authorization {
  /** `codepipeline:PutApprovalResult` */
  readonly action: string;
  readonly resources: readonly string[];
  /** Condition keys beside the global ones: `{ 'events:source': ['cdk-approval-gates'] }`. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** What a call means to IAM; without one it is `<name>:<Operation>` on `*`. */
export type Authorize = (input: any, caller: Caller) => Authorization | readonly Authorization[];

export interface Service {
  /** As in `AWS_ENDPOINT_URL_<NAME>`: `codepipeline`, `dynamodb`, … */
  readonly name: string;
  /** The service in the signature's scope, which is also its IAM prefix, where it is not `name`. */
  readonly signingName?: string;
  readonly protocol?: 'json' | 'query' | 'rest';
  readonly operations: Readonly<Record<string, Operation>>;
  /** By operation. */
  readonly authorize?: Readonly<Record<string, Authorize>>;
  /** How it refuses, where that is not as its protocol does. */
  readonly refuse?: (error: AwsError) => RestResponse;
  /** For `rest`: which operation a request is, and its input. */
  readonly route?: (request: RestRequest) => RestCall | undefined;
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface RestCall {
  readonly operation: string;
  readonly input: object;
  /** How the output becomes a response; as a JSON body with 200 when absent. */
  readonly respond?: (output: any) => RestResponse;
}

export interface RestResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error, such as `Item` of a failed condition. */
    readonly extra: object = {},
  ) {
    super(message);
    this.name = code;
  }
}
