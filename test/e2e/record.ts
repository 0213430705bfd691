/** The records that a rehearsal leaves behind, verified as an auditor would do it. */
import { recordIn } from '../../cli/read';
import { verify, type Anchor } from '../../cli/verify';
import type { RecordExport } from '../../contract/record';
import type { World } from '../../rehearsal/world';

/** Of each workflow that has one. */
export async function recordsOf(world: World): Promise<readonly RecordExport[]> {
  const records: RecordExport[] = [];
  const tables = world.resources('AWS::DynamoDB::Table').filter(({ logicalId }) => logicalId.includes('Requests'));
  for (const { physicalId } of tables) {
    const answer = await world.call('dynamodb', 'Query', {
      TableName: physicalId,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :record',
      ExpressionAttributeValues: { ':record': { S: 'record' } },
    });
    const read = recordIn(JSON.stringify(answer));
    if (!read.ok) throw new Error(read.problem);
    records.push(read.value);
  }
  return records.filter(({ entries }) => entries.length > 0);
}

/** What does not hold of them, by themselves and beside the events that told of each entry. */
export async function recordFindings(world: World): Promise<readonly string[]> {
  const told = world.events.filter((event) => event['detail-type'] === 'Approval Decided').map(({ detail }) => detail);
  const records = await recordsOf(world);
  const untold = told.filter(({ workflow }) => !records.some((record) => record.workflow === workflow));
  return [
    ...untold.map(({ requestId }) => `the event of ${requestId} has no record`),
    ...records.flatMap((record) => {
      const anchors = told
        .filter(({ workflow }) => workflow === record.workflow)
        .map(({ record: anchor }) => anchor as Anchor);
      return verify(record, { anchors }).findings.map(({ n, problem }) => `${record.workflow} ${n ?? ''}: ${problem}`);
    }),
  ];
}
