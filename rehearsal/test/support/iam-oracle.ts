/** An independent IAM evaluator says whether a role's policies allow a call. Tests only: it does not ship. */
import { runSimulation } from '@cloud-copilot/iam-simulate';

export interface OracleCall {
  /** `dynamodb:PutItem` */
  readonly action: string;
  readonly resource: string;
  readonly context: Record<string, string | string[]>;
  /** ARN of the principal: a role session. */
  readonly principal: string;
}

export interface OraclePolicy {
  readonly name: string;
  readonly policy: object;
}

/** `Allowed`, `ImplicitlyDenied`, `ExplicitlyDenied`, or the evaluator's complaint about the request itself. */
export async function judge(
  call: OracleCall,
  identityPolicies: readonly OraclePolicy[],
  resourcePolicy?: object,
): Promise<string> {
  const callers = call.principal.split(':')[4] || '111111111111';
  // Without the policy of a resource in another account, this asks what the caller's own account says.
  const account = resourcePolicy === undefined ? callers : call.resource.split(':')[4] || callers;
  const result = await runSimulation(
    {
      request: {
        principal: call.principal,
        action: call.action,
        resource: { resource: call.resource, accountId: account },
        contextVariables: { 'aws:SecureTransport': 'true', ...call.context },
      },
      identityPolicies: identityPolicies.map((p) => ({ name: p.name, policy: p.policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy ? { resourcePolicy } : {}),
    },
    {},
  );
  switch (result.resultType) {
    case 'error':
      return `error: ${JSON.stringify(result.errors)}`;
    case 'single':
      return result.overallResult;
    default:
      return result.overallResult;
  }
}
