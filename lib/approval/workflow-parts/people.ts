import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { mailTopicName, peoplePath } from '../../../contract/names';
import { POLICY_VERSION } from '../../../contract/policy';
import type { PeopleDocument, Person } from '../../../contract/policy';
import { GateError } from '../../errors';
import { JsonParameter } from '../../private/policy-parameter';
import type { Approver } from '../approver';
import { mustHaveNoDelegates } from '../delegates';
import { mustBeApprover } from '../quorum-rules';
import { tlsOnly } from '../topic-policy';

/** So many stand in one parameter. */
const SHARE = 20;

export interface PeopleProps {
  readonly workflowName: string;
  /** A topic per person, for mail by SNS. */
  readonly topics: boolean;
  /** People can say that they are away. */
  readonly takesAbsences: boolean;
  readonly encryptionKey?: kms.IKey;
}

/** Everybody whom a workflow may ask: declared once, whatever number of gates and stacks names them. */
export class People extends Construct {
  private readonly people = new Map<string, Approver>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PeopleProps,
  ) {
    super(scope, id);
  }

  /** Does nothing for a person who is known already. */
  public add(approver: Approver): void {
    mustBeApprover('`addApprovers`', approver);
    this.declare(approver);
    this.addTopic(approver);
  }

  /** Somebody who is asked nothing, and written to only where that signs them in. */
  public addViewer(viewer: Approver, isWrittenTo: boolean): void {
    this.declare(viewer);
    if (isWrittenTo) {
      this.addTopic(viewer);
    }
  }

  private declare(approver: Approver): void {
    const known = this.people.get(approver.approverId);
    const person = known === undefined ? approver : merged(known, approver);
    this.people.set(approver.approverId, person);
    if (known === undefined && this.people.size % SHARE === 1) {
      this.addParameter(Math.floor(this.people.size / SHARE));
    }
    if (person !== known) {
      this.warnOfGuest(person);
      if (!this.props.takesAbsences) {
        mustHaveNoDelegates(person, this.props.workflowName);
      }
      person.delegates.forEach((delegate) => this.add(delegate));
    }
  }

  private warnOfGuest({ mail, until }: Approver): void {
    if (until !== undefined && Date.parse(until) <= Date.now()) {
      Annotations.of(this).addWarningV2(
        'cdk-approval-gates:Approver.guestIsOver',
        `guest '${mail}' had a vote until ${until}, which is over: remove the guest, or set a later \`until\``,
      );
    }
  }

  private addParameter(index: number): void {
    new JsonParameter(this, `People${index}`, {
      parameterName: `${peoplePath(this.props.workflowName)}/${index}`,
      description: 'Who can be asked to approve',
      document: () => this.document(index),
      fix: 'give these persons shorter names and fewer `alsoKnownAs`',
    });
  }

  private document(index: number): PeopleDocument {
    const share = [...this.people.values()].slice(index * SHARE, (index + 1) * SHARE);
    return { v: POLICY_VERSION, people: share.map(personOf) };
  }

  /**
   * A topic of one person's own, which nobody else can subscribe to: no topic policy can keep a filter on a subscription,
   * but it can refuse any other address.
   */
  private addTopic(approver: Approver): void {
    if (!this.props.topics || this.node.tryFindChild(`To${approver.approverId}`) !== undefined) {
      return;
    }
    const scope = new Construct(this, `To${approver.approverId}`);
    const topic = new sns.CfnTopic(scope, 'Topic', {
      topicName: mailTopicName(this.props.workflowName, approver.approverId),
      displayName: 'Approvals',
      kmsMasterKeyId: this.props.encryptionKey?.keyArn,
      subscription: [{ protocol: 'email', endpoint: addressOf(approver) }],
    });
    tlsOnly(
      scope,
      topic,
      new iam.PolicyStatement({
        sid: 'OneReader',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['sns:Subscribe'],
        resources: [topic.ref],
        conditions: { StringNotEquals: { 'sns:Endpoint': addressOf(approver) } },
      }),
    );
  }
}

/** A plain address says nothing more about a person who is described elsewhere. Two descriptions have to agree. */
function merged(known: Approver, other: Approver): Approver {
  const alike = known.shared === other.shared && known.until === other.until;
  if (alike && !isDescribed(other)) {
    return known;
  }
  if (alike && !isDescribed(known)) {
    return other;
  }
  if (JSON.stringify(personOf(known)) !== JSON.stringify(personOf(other))) {
    throw new GateError(
      'ApproverDeclaredTwice',
      `'${other.mail}' is declared in two different ways in one workflow: ` +
        'make the `Approver` once and use the same value in every gate',
    );
  }
  return known;
}

/** In one spelling everywhere: the policy of a topic compares addresses letter by letter. */
function addressOf(approver: Approver): string {
  return approver.mail.toLowerCase();
}

function isDescribed(approver: Approver): boolean {
  return (
    approver.shared || approver.name !== undefined || approver.alsoKnownAs.length > 0 || approver.delegates.length > 0
  );
}

function personOf(approver: Approver): Person {
  return {
    id: approver.approverId,
    mail: addressOf(approver),
    ...(approver.name === undefined ? {} : { name: approver.name }),
    alsoKnownAs: approver.alsoKnownAs,
    shared: approver.shared,
    ...(approver.until === undefined ? {} : { until: approver.until }),
    ...(approver.delegates.length === 0 ? {} : { delegates: approver.delegates.map((one) => one.approverId) }),
  };
}
