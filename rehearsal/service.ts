/** A local AWS service: operations by name, called with the SDK's own shapes. */
export interface Caller {
  /** Logical name of the function or engine that calls. */
  readonly principal: string;
  /** ARN of its role, or of the assumed-role session: `arn:aws:sts::111111111111:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** ARN of the role itself, whose policies decide. */
  readonly roleArn: string;
}

/** One operation: input as the SDK sent it, output as the SDK expects it. Throws `AwsError` for a refusal. */
export type Operation = (input: any, caller: Caller) => Promise<object> | object;

export interface Service {
  /** As in `AWS_ENDPOINT_URL_<NAME>`: `codepipeline`, `dynamodb`, … */
  readonly name: string;
  readonly operations: Record<string, Operation>;
}

export class AwsError extends Error {
  constructor(readonly code: string, message: string, readonly status = 400) {
    super(message);
    this.name = code;
  }
}
