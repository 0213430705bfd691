/** Two doors: the state machine's look, and the stream of decisions. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { LookCommand, LookResult } from '../../contract/messages';
import { Env } from '../../contract/names';
import { Checks } from '../aws/checks';
import { env, optionalEnv } from '../aws/env';
import { Events } from '../aws/events';
import { Failed } from '../aws/failure';
import { errorName, log } from '../aws/log';
import { SesMailer, SnsMailer, type Mailer } from '../aws/mailer';
import { PipelineView } from '../aws/pipeline';
import { PolicyStore } from '../aws/policy-store';
import { RequestStore } from '../aws/request-store';
import { plainImage } from '../aws/stream-image';
import { REQUEST_ID } from '../domain/records';
import { lookThroughDoor } from './door';
import { lookAtRequest } from './look';
import type { Ports } from './ports';
import { readStream, type StreamRecord } from './stream';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const ssm = new SSMClient({});
const sts = new STSClient({});
const lambda = new LambdaClient({});
const eventBridge = new EventBridgeClient({});
const sns = new SNSClient({});
const ses = new SESv2Client({});

/** A session needs to live no longer than a look; 15 minutes is the shortest there is. */
const SESSION_SECONDS = 900;

export async function handler(event: LookCommand): Promise<LookResult>;
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse>;
export async function handler(event: LookCommand | DynamoDBStreamEvent): Promise<LookResult | DynamoDBBatchResponse> {
  return 'Records' in event ? onDecisions(event) : onLook(event);
}

async function onLook({ look, now }: LookCommand): Promise<LookResult> {
  const { requestId, door } = look;
  try {
    if (requestId !== undefined && REQUEST_ID.test(requestId)) {
      return await lookAtRequest(ports(), requestId, now);
    }
    if (door !== undefined) {
      return await lookThroughDoor(ports(), door, now);
    }
  } catch (error) {
    const gate = door === undefined ? {} : { pipeline: door.pipeline, stage: door.stage, action: door.action };
    const known = requestId === undefined ? gate : { requestId };
    log('ERROR', 'a look failed', { ...known, error: errorName(error) });
    throw new Failed('the look failed', error);
  }
  log('ERROR', 'a look at nothing');
  return { done: true, look };
}

async function onDecisions(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const failed = await readStream(ports(), event.Records.map(unwrap));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function unwrap({ eventName, dynamodb, userIdentity }: DynamoDBRecord): StreamRecord {
  const image = dynamodb?.NewImage ?? dynamodb?.Keys ?? {};
  const identity = userIdentity as { readonly type?: string; readonly principalId?: string } | undefined;
  return {
    sequenceNumber: dynamodb?.SequenceNumber ?? '',
    kind: eventName ?? 'INSERT',
    at: new Date(Number(dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString(),
    byTtl: identity?.type === 'Service' && identity.principalId === 'dynamodb.amazonaws.com',
    row: plainImage(image),
  };
}

function ports(): Ports {
  const workflow = env(Env.WORKFLOW);
  return {
    workflow,
    reviewUrl: env(Env.REVIEW_URL),
    region: env('AWS_REGION'),
    store: new RequestStore(documents, env(Env.REQUESTS_TABLE)),
    policies: new PolicyStore(ssm, workflow),
    checks: new Checks(lambda, env(Env.CHECK_FUNCTION)),
    mailer: mailer(),
    events: new Events(eventBridge, workflow),
    pipeline: async (gate, answerRole, session) => new PipelineView(await assume(answerRole, session), gate),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function mailer(): Mailer {
  const from = optionalEnv(Env.MAIL_FROM);
  return from === undefined ? new SnsMailer(sns, env(Env.MAIL_TOPIC_PREFIX)) : new SesMailer(ses, from);
}

async function assume(RoleArn: string, RoleSessionName: string): Promise<CodePipelineClient> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: SESSION_SECONDS }),
  );
  return new CodePipelineClient({
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      ...(Credentials?.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
    },
  });
}
