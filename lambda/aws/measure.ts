/** Measures one check. Whatever happens, the answer is a measurement, and only a clearly healthy one is a PASS. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { CheckCommand, Measurement } from '../../contract/messages';
import { cleanText } from '../domain/clean-text';
import { REASON_LIMIT } from '../domain/limits';
import { measureAlarm } from './measure-alarm';
import { measureHttp } from './measure-http';
import { measureLambda } from './measure-lambda';
import type { HttpGet } from './measure-http-get';

/** How the outside is reached; each client speaks for the role that may read there. */
export interface MeasureClients {
  cloudwatch(region: string): CloudWatchClient;
  lambda(region: string): LambdaClient;
  readonly get: HttpGet;
}

/** What a kind of check finds out; `measure` adds which check it was, and when. */
export type Finding = Omit<Measurement, 'checkId' | 'at'>;

export async function measure(command: CheckCommand, clients: MeasureClients): Promise<Measurement> {
  const { now } = command;
  const finding = await findingOf(command, clients).catch(failureOf);
  return { ...finding, checkId: command.check.id, at: now, reason: cleanText(finding.reason, REASON_LIMIT) };
}

async function findingOf(command: CheckCommand, clients: MeasureClients): Promise<Finding> {
  const { check } = command;
  switch (check.kind) {
    case 'alarm':
      return measureAlarm(check, command, clients.cloudwatch(check.region));
    case 'http':
      return measureHttp(check, clients.get);
    case 'lambda':
      return measureLambda(check, command, clients.lambda(regionOf(check.functionArn)));
    default:
      return { verdict: 'ERROR', reason: 'This version of the check function does not know this kind of check.' };
  }
}

/** Names the failure and never repeats its message, which may hold ARNs, addresses or parts of the request. */
function failureOf(error: unknown): Finding {
  const name = error instanceof Error ? error.name : 'unknown failure';
  return { verdict: 'ERROR', reason: `The check could not be carried out: ${name}.` };
}

function regionOf(arn: string): string {
  const region = arn.split(':')[3];
  if (region === undefined || !/^[a-z0-9-]+$/.test(region)) {
    throw new BadFunctionArn();
  }
  return region;
}

class BadFunctionArn extends Error {
  override readonly name = 'BadFunctionArn';
}
