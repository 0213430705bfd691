import type { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { OPEN_INDEX } from '../../../contract/names';

export interface StorageProps {
  readonly removalPolicy: RemovalPolicy;
  /** Whether decisions are made by link. */
  readonly takesDecisions: boolean;
  readonly encryptionKey?: kms.IKey;
}

/** What was asked, and what was answered. Neither table holds a secret. */
export class Storage extends Construct {
  /** Requests, invitations, votes and measurements. */
  public readonly requests: dynamodb.Table;
  /** One signed row per decision by link; its stream carries them to `decide`. Absent where there are no links. */
  public readonly decisions?: dynamodb.Table;

  constructor(scope: Construct, id: string, { removalPolicy, takesDecisions, encryptionKey }: StorageProps) {
    super(scope, id);
    const common: dynamodb.TableProps = {
      partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
      sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      removalPolicy,
      encryptionKey,
    };
    this.requests = new dynamodb.Table(this, 'Requests', common);
    this.requests.addGlobalSecondaryIndex({
      indexName: OPEN_INDEX.NAME,
      partitionKey: { name: OPEN_INDEX.PARTITION, type: dynamodb.AttributeType.STRING },
      sortKey: { name: OPEN_INDEX.SORT, type: dynamodb.AttributeType.STRING },
    });
    if (takesDecisions) {
      this.decisions = new dynamodb.Table(this, 'Decisions', {
        ...common,
        // The first image of a row survives whatever is put later.
        stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
      });
    }
  }
}
