// Stands for a look of a gate that bakes: the AWS calls that one takes, by the same SDK, and nothing else.
import { CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';

const tables = new DynamoDBClient({});
const pipelines = new CodePipelineClient({});
const parameters = new SSMClient({});
const functions = new LambdaClient({});
const { TABLE, CHECK, PARAMETER, PIPELINE, LOOKS } = process.env;
const Key = { pk: { S: 'gate' } };

export async function handler({ now, looks }) {
  if (looks >= Number(LOOKS)) throw Object.assign(new Error('done'), { name: 'RequestClosed' });
  await tables.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': Key.pk },
      ConsistentRead: true,
    }),
  );
  await parameters.send(new GetParametersCommand({ Names: [PARAMETER] }));
  await pipelines.send(new ListActionExecutionsCommand({ pipelineName: PIPELINE }));
  const { Payload } = await functions.send(
    new InvokeCommand({ FunctionName: CHECK, Payload: JSON.stringify({ now, alarm: 'shop-5xx' }) }),
  );
  await tables.send(
    new UpdateItemCommand({
      TableName: TABLE,
      Key,
      UpdateExpression: 'SET #state = :state, #at = :now',
      ExpressionAttributeNames: { '#state': 'state', '#at': 'at' },
      ExpressionAttributeValues: { ':state': { S: Payload.transformToString() }, ':now': { S: now } },
    }),
  );
  return { at: new Date(Date.parse(now) + 60_000).toISOString(), looks: looks + 1 };
}
