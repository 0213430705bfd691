import type { Authorize } from '../service';

/** What DynamoDB asks IAM: table or index, leading keys, attributes, return values. */
export function dynamoAuthorize(
  operation: string,
  arnOf: (table: string) => string,
  partitionKeyOf: (table: string, index?: string) => string | undefined,
): Authorize {
  return (input: any) => {
    if (operation.startsWith('Batch')) {
      return Object.entries<any>(input.RequestItems ?? {}).map(([table, requests]) => ({
        action: `dynamodb:${operation}`,
        resources: [arnOf(table)],
        context: keysOf(
          (requests.Keys ?? requests.map((one: any) => one.PutRequest?.Item ?? one.DeleteRequest?.Key)) as any[],
          partitionKeyOf(table),
        ),
      }));
    }
    const table = nameOf(String(input.TableName));
    const key = partitionKeyOf(table, input.IndexName);
    const context: Record<string, readonly string[]> = {
      ...keysOf([input.Item ?? input.Key ?? keyOfCondition(input, key)], key),
      'dynamodb:Attributes': attributesOf(input),
    };
    for (const name of ['ReturnValues', 'Select', 'ReturnConsumedCapacity']) {
      if (input[name] !== undefined) {
        context[`dynamodb:${name}`] = [String(input[name])];
      }
    }
    const index = input.IndexName === undefined ? '' : `/index/${String(input.IndexName)}`;
    return { action: `dynamodb:${operation}`, resources: [`${arnOf(table)}${index}`], context };
  };
}

export function nameOf(table: string): string {
  return table.split('/').pop() ?? table;
}

function keysOf(items: readonly any[], key: string | undefined): Record<string, readonly string[]> {
  const values = items.flatMap((item) => (key === undefined ? [] : Object.values(item?.[key] ?? {}))).map(String);
  return values.length === 0 ? {} : { 'dynamodb:LeadingKeys': [...new Set(values)] };
}

/** The value that a query compares the partition key with. */
function keyOfCondition(input: any, key: string | undefined): any {
  const names: Record<string, string> = input.ExpressionAttributeNames ?? {};
  for (const [, name = '', placeholder = ''] of String(input.KeyConditionExpression ?? '').matchAll(
    /([#\w]+)\s*=\s*(:\w+)/g,
  )) {
    if ((names[name] ?? name) === key) {
      return { [name in names ? (names[name] ?? name) : name]: input.ExpressionAttributeValues?.[placeholder] };
    }
  }
  return {};
}

const EXPRESSIONS = [
  'ConditionExpression',
  'UpdateExpression',
  'ProjectionExpression',
  'FilterExpression',
  'KeyConditionExpression',
];

const WORDS = new Set(
  'set add remove delete and or not between in if_not_exists list_append attribute_exists attribute_not_exists attribute_type begins_with contains size'.split(
    ' ',
  ),
);

/** Top-level attributes that a call names anywhere. */
function attributesOf(input: any): readonly string[] {
  const names: Record<string, string> = input.ExpressionAttributeNames ?? {};
  const found = new Set<string>([...Object.keys(input.Item ?? {}), ...Object.keys(input.Key ?? {})]);
  for (const expression of EXPRESSIONS) {
    for (const [path] of String(input[expression] ?? '').matchAll(/(?<![:\w#.])#?[A-Za-z_][\w.]*/g)) {
      const first = path.split('.')[0] ?? path;
      if (!WORDS.has(first.toLowerCase())) {
        found.add(names[first] ?? first);
      }
    }
  }
  return [...found];
}
