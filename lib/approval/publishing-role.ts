import { DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization } from 'aws-cdk-lib';
import type { IPostProcessor, IResolvable, IResolveContext } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { shortHash } from '../private/text';
import type { FoundApproval } from './found-approvals';

/** The role that publishes the notification of an approval action. */
export interface PublishingRole {
  /** Its path in the app. */
  readonly path: string;
  /** Allowing the same once more does nothing. */
  allow(statements: readonly iam.PolicyStatement[], workflowName: string): void;
}

/** The role of the action, or else of its pipeline; undefined where this app cannot change it. */
export function publishingRoleOf({ pipeline, action }: FoundApproval): PublishingRole | undefined {
  const { resource, construct } = pipeline;
  const made = madeRole(action.roleArn ?? resource.roleArn, construct);
  const role = made?.node.scope;
  if (made !== undefined && role instanceof iam.Role) {
    return roleOf(role);
  }
  if (made !== undefined) {
    const allow = (statements: readonly iam.PolicyStatement[], workflowName: string) =>
      attach(statements, made, resource, `PublishTo${shortHash(`${workflowName}/${made.node.path}`)}`);
    return { path: made.node.path, allow };
  }
  // A role that was imported to be changed here, as the CDK does for the actions of that pipeline.
  return action.roleArn === undefined && construct instanceof codepipeline.Pipeline && takesPolicies(construct.role)
    ? roleOf(construct.role)
    : undefined;
}

function roleOf(role: iam.IRole): PublishingRole {
  return {
    path: role.node.path,
    allow: (statements) => statements.forEach((statement) => role.addToPrincipalPolicy(statement)),
  };
}

/**
 * Offers a policy of a stack that is never written. A role that was imported as immutable ignores it, yet says of statements that it
 * added them, so nothing else shows the difference without a change to the app.
 */
function takesPolicies(role: iam.IRole): boolean {
  const offer = new Offer(new Stack(undefined, undefined, { env: { account: Stack.of(role).account } }), 'Offer');
  role.attachInlinePolicy(offer);
  return offer.taken;
}

class Offer extends iam.Policy {
  public taken = false;

  public override attachToRole(): void {
    this.taken = true;
  }
}

/** A role that is no more than a resource has no policy that statements could be added to. */
function attach(
  statements: readonly iam.PolicyStatement[],
  role: iam.CfnRole,
  pipeline: codepipeline.CfnPipeline,
  id: string,
): void {
  if (pipeline.node.tryFindChild(id) !== undefined) {
    return;
  }
  const policy = new iam.CfnPolicy(pipeline as Construct, id, {
    policyName: id,
    policyDocument: new iam.PolicyDocument({ statements: [...statements] }),
    roles: [role.ref],
  });
  pipeline.node.addDependency(policy);
}

function madeRole(roleArn: string, scope: IConstruct): iam.CfnRole | undefined {
  const references = new References();
  Tokenization.resolve(roleArn, { scope, resolver: references, preparing: false });
  return references.targets.find((target): target is iam.CfnRole => target instanceof iam.CfnRole);
}

/** Notes what a text refers to while it is resolved. */
class References extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) {
      this.targets.push(token.target);
    }
    return super.resolveToken(token, context, postProcessor);
  }
}
