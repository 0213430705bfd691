import { CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ApprovalWorkflow, Approver, Approvers, Mail } from '../lib';
import { Settings } from './settings';

export interface ApprovalsStackProps extends StackProps {
  readonly settings: Settings;
}

/** The approval workflow: one per account and Region serves any number of pipelines. */
export class ApprovalsStack extends Stack {
  public readonly workflow: ApprovalWorkflow;
  public readonly approvers: Approvers;

  constructor(scope: Construct, id: string, props: ApprovalsStackProps) {
    super(scope, id, props);
    const { settings } = props;
    this.workflow = new ApprovalWorkflow(this, 'Approvals', {
      workflowName: 'shop',
      mail: settings.mailFrom === undefined ? Mail.sns() : Mail.ses({ from: settings.mailFrom }),
    });
    new CfnOutput(this, 'DashboardUrl', {
      value: `${this.workflow.dashboardUrl}`,
      description: 'What waits, what serves where, what was decided',
    });
    const people = settings.approvers.map((mail) =>
      Approver.person(mail, { alsoKnownAs: [...(settings.alsoKnownAs[mail] ?? [])] }),
    );
    this.approvers = settings.quorum > 1 ? Approvers.atLeast(settings.quorum, ...people) : Approvers.anyOf(...people);
  }
}
