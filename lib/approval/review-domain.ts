import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeOptions, mustBeText } from '../private/types';

/** A domain of your own for the links of a workflow. */
export interface ReviewDomain {
  /** Name of the host, such as `approvals.example.com`. A part of an address it is not: no `https://`, no path. */
  readonly domainName: string;

  /** Certificate for that name, of ACM, in the Region of the workflow. */
  readonly certificate: acm.ICertificate;
}

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** API Gateway takes names in lower case; a token is known to CloudFormation alone. */
export function mustBeReviewDomain(domain: ReviewDomain): void {
  mustBeOptions('reviewDomain', domain, "{ domainName: 'approvals.example.com', certificate }");
  mustBeText('domainName', domain.domainName);
  if (!Token.isUnresolved(domain.domainName) && !HOST.test(domain.domainName)) {
    throw new GateError(
      'InvalidDomainName',
      `\`domainName\` is '${domain.domainName}', but must be the name of a host in lower case: write 'approvals.example.com', without 'https://' and path`,
    );
  }
  mustBeOptions('certificate', domain.certificate, "acm.Certificate.fromCertificateArn(this, 'Certificate', arn)");
}
