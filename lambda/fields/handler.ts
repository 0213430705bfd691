/**
 * A Lambda action of a pipeline: gives out what approvers of a gate filled in, as variables of the action. It reads nothing else, and
 * never logs its event, which holds credentials of the pipeline's bucket.
 */
import {
  CodePipelineClient,
  FailureType,
  InvalidJobStateException,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CodePipelineEvent } from 'aws-lambda';
import { Env } from '../../contract/names';
import { env } from '../aws/env';
import { Failed } from '../aws/failure';
import { FieldsStore } from '../aws/fields-store';
import { errorName, log } from '../aws/log';
import { Table } from '../aws/table';
import { fieldsAnswer, parseFieldsQuestion, type FieldsAnswer } from '../domain/approved-fields';
import { UnreadableRow } from '../domain/rows';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const codepipeline = new CodePipelineClient({});

export async function handler(event: CodePipelineEvent): Promise<void> {
  const { id, data } = event['CodePipeline.job'];
  try {
    await report(id, await answer(data.actionConfiguration.configuration.UserParameters));
  } catch (error) {
    if (error instanceof InvalidJobStateException) {
      // A repeated delivery: the first one has answered.
      log('INFO', 'the action was answered already');
      return;
    }
    log('ERROR', 'the action could not be answered, Lambda brings it again', { error: errorName(error) });
    throw new Failed('the action could not be answered', error);
  }
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
