/** The role in which CodePipeline works for an action or a rule. */
import { isOfBootstrap } from '../aws/roles';
import type { Caller } from '../service';
import type { Host } from './host';
import type { ActionWork } from './provider';

type RoleHost = Pick<Host, 'account' | 'call' | 'caller' | 'resources'>;

/** How CodePipeline names its sessions; no document of AWS says. */
const SESSION = 'codepipeline';

/** That of an action or a rule, or of the pipeline where it has none. */
export function roleOf(
  { account }: Pick<Host, 'account'>,
  own: string | undefined,
  ofPipeline: string | undefined,
): string {
  return own ?? ofPipeline ?? `arn:aws:iam::${account}:role/codepipeline`;
}

/** Who calls AWS for an action, in its Region. */
export function actionCaller(
  host: Pick<Host, 'account' | 'caller'>,
  { action, pipeline }: Pick<ActionWork, 'action' | 'pipeline'>,
): Caller {
  const caller = host.caller(roleOf(host, action.roleArn, pipeline.roleArn), SESSION);
  return { ...caller, ...(action.region === undefined ? {} : { region: action.region }) };
}

/**
 * The role of the pipeline takes on that of an action. Whom a role trusts that stands in no template is not known: it is taken on.
 *
 * @throws AwsError where the pipeline may not, or is not trusted
 */
export async function takeOn(
  host: RoleHost,
  pipelineRole: string | undefined,
  role: string | undefined,
): Promise<void> {
  if (pipelineRole === undefined || role === undefined || role === pipelineRole) return;
  const isKnown = isOfBootstrap(role) || host.resources('AWS::IAM::Role').some(({ arn }) => arn === role);
  if (!isKnown) return;
  const input = { RoleArn: role, RoleSessionName: SESSION };
  await host.call('sts', 'AssumeRole', input, host.caller(pipelineRole, SESSION));
}
