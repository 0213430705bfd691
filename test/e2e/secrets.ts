/** Looks for what must not be kept: the seeds of links and the tokens of approvals. */
import type { Rehearsal } from '../../rehearsal/scenario/rehearsal';

export interface Leak {
  readonly kind: 'seed' | 'token';
  readonly where: string;
}

/** Every secret of a rehearsal: the seeds that were mailed, the tokens that CodePipeline made. */
export async function secretsOf({ world, pipelines }: Rehearsal) {
  const seeds = world.inbox.flatMap(({ text }) =>
    [...text.matchAll(/[?&]key=([A-Za-z0-9_-]{43})/g)].map(([, key]) => key),
  );
  const tokens: string[] = [];
  for (const pipelineName of pipelines.names) {
    const { actionExecutionDetails } = await world.call('codepipeline', 'ListActionExecutions', { pipelineName });
    for (const { input, output } of actionExecutionDetails) {
      if (input?.actionTypeId?.category === 'Approval' && output?.executionResult?.externalExecutionId) {
        tokens.push(output.executionResult.externalExecutionId);
      }
    }
  }
  return { seeds, tokens };
}

/** Whether one of them stands in a log, a history of the state machine, an event, a table or a recorded call. */
export async function leaksOf(rehearsal: Rehearsal): Promise<readonly Leak[]> {
  const { world } = rehearsal;
  const { seeds, tokens } = await secretsOf(rehearsal);
  const places: Record<string, unknown> = {
    logs: world.logs,
    histories: world.executions,
    'our events': world.events.filter(({ source }) => source === 'cdk-approval-gates'),
  };
  for (const { physicalId } of world.resources('AWS::DynamoDB::Table')) {
    places[`table ${physicalId}`] = await world.call('dynamodb', 'Scan', { TableName: physicalId });
  }
  return Object.entries(places).flatMap(([where, content]) => {
    const text = JSON.stringify(content);
    return [
      ...seeds.filter((seed) => text.includes(seed)).map(() => ({ kind: 'seed' as const, where })),
      ...tokens.filter((token) => text.includes(token)).map(() => ({ kind: 'token' as const, where })),
    ];
  });
}
