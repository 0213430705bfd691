/**
 * A Lambda action of a pipeline: gives out what approvers of a gate filled in, as variables of the action. It reads nothing else, and
 * never logs its event, which holds credentials of the pipeline's bucket.
 */
import {
  CodePipelineClient,
  FailureType,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { FieldsStore } from '../aws/fields-store';
import { log } from '../aws/log';
import { answeringJob } from '../aws/pipeline-job';
import { Table } from '../aws/table';
import { fieldsAnswer, parseFieldsQuestion, type FieldsAnswer } from '../domain/approved-fields';
import { UnreadableRow } from '../domain/rows';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const codepipeline = new CodePipelineClient({});

export async function handler(event: CodePipelineEvent): Promise<void> {
  const { id, data } = event['CodePipeline.job'];
  await answeringJob(async () => report(id, await answer(data.actionConfiguration.configuration.UserParameters)));
}

async function answer(parameters: unknown): Promise<FieldsAnswer> {
  const question = parseFieldsQuestion(parameters);
  if (!question.ok) {
    log('ERROR', 'an action that nobody understands', { reason: question.problem });
    return { kind: 'FAILED', message: `This action was not made by ApprovalFieldsAction: ${question.problem}` };
  }
  const { run, stage, action } = question.value;
  const keys = { executionId: run, stage, action };
  try {
    const store = new FieldsStore(new Table(documents, env(Env.REQUESTS_TABLE)));
    const result = fieldsAnswer(question.value, await store.of(run, question.value));
    log('INFO', result.kind === 'VALUES' ? 'an action gets fields' : 'there are no fields for an action', keys);
    return result;
  } catch (error) {
    if (!(error instanceof UnreadableRow)) {
      throw error;
    }
    log('ERROR', 'fields cannot be read', { ...keys, reason: error.message });
    return { kind: 'FAILED', message: `The fields of this run cannot be read: ${error.message}` };
  }
}

async function report(jobId: string, result: FieldsAnswer): Promise<void> {
  await (result.kind === 'VALUES'
    ? codepipeline.send(new PutJobSuccessResultCommand({ jobId, outputVariables: { ...result.values } }))
    : codepipeline.send(
        new PutJobFailureResultCommand({
          jobId,
          failureDetails: { type: FailureType.JobFailed, message: result.message },
        }),
      ));
}
