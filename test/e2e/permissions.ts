/** Asks the oracle about what the functions did in a rehearsal. */
import type { RecordedCall, RoleRecord } from '../../rehearsal/record';
import { judge, type OraclePolicy } from '../../rehearsal/test/support/iam-oracle';

/** A call that a role made on one resource; the same question is asked once. */
export interface Question {
  readonly roleArn: string;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Record<string, string | string[]>;
}

/** Set-valued context keys are lists even when they hold one value. */
const LISTS = /^dynamodb:(Attributes|LeadingKeys)$|^events:source$/;

export function questions(calls: readonly RecordedCall[]): readonly Question[] {
  const asked = new Map<string, Question>();
  for (const call of calls) {
    for (const resource of call.resources) {
      const context = Object.fromEntries(
        Object.entries(call.context).map(([key, values]) => [
          key,
          LISTS.test(key) || values.length !== 1 ? [...values] : values[0],
        ]),
      ) as Question['context'];
      const question = {
        roleArn: call.roleArn,
        principal: sessionOf(call),
        action: call.action,
        resource,
        context,
      };
      asked.set(JSON.stringify([call.roleArn, call.action, resource, context]), question);
    }
  }
  return [...asked.values()];
}

export function policiesOf(role: RoleRecord): readonly OraclePolicy[] {
  return role.policies.map(({ name, document }) => ({ name, policy: document }));
}

/**
 * Actions whose resource the evaluator does not know: in their place it judges another one that is about the same resources.
 *
 * CodeDeploy asks about the deployment group
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html). Of API Gateway,
 * the evaluator takes the ARNs of a REST API's deployments and of another API's for one, and of Lambda those of versions and aliases.
 */
const LIKE: Readonly<Record<string, string>> = {
  'codedeploy:PutLifecycleEventHookExecutionStatus': 'codedeploy:GetDeploymentGroup',
  'apigateway:POST': 'apigateway:PUT',
  'lambda:GetProvisionedConcurrencyConfig': 'lambda:GetFunction',
};

export function ask(question: Question, policies: readonly OraclePolicy[]): Promise<string> {
  const like = LIKE[question.action];
  if (like === undefined) {
    return judge(question, policies);
  }
  const alike = JSON.parse(JSON.stringify(policies).replaceAll(question.action, like)) as readonly OraclePolicy[];
  return judge({ ...question, action: like }, alike);
}

/** One statement of a role, and the role's policies without it. */
export interface Statement {
  readonly roleArn: string;
  readonly text: string;
  readonly rest: readonly OraclePolicy[];
}

export function statementsOf(role: RoleRecord): readonly Statement[] {
  return role.policies.flatMap(({ document }, policy) =>
    document.Statement.map((statement, index) => ({
      roleArn: role.roleArn,
      text: JSON.stringify(statement),
      rest: role.policies.map(({ name, document: other }, i) => ({
        name,
        policy: i === policy ? { ...other, Statement: other.Statement.filter((_, j) => j !== index) } : other,
      })),
    })),
  );
}

function sessionOf({ sessionArn, roleArn }: RecordedCall): string {
  if (sessionArn.includes(':assumed-role/')) {
    return sessionArn;
  }
  const [account = '', name = ''] = [roleArn.split(':')[4], roleArn.split('/').at(-1)];
  return `arn:aws:sts::${account}:assumed-role/${name}/function`;
}
