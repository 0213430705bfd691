/** The rehearsal's own evaluator of IAM, beside an independent one that does not ship. */
import fc from 'fast-check';
import { decide, trusts, type Statement } from '../../iam/decision';
import { judge } from '../support/iam-oracle';

const ROLE = 'arn:aws:iam::111111111111:role/app';
const SESSION = 'arn:aws:sts::111111111111:assumed-role/app/function';
const TABLE = 'arn:aws:dynamodb:eu-west-1:111111111111:table/requests';
const principal = { roleArn: ROLE, sessionArn: SESSION, account: '111111111111' };

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string[]>;
}

function ask(
  statements: readonly Statement[],
  { action, resource, context = {} }: Call,
  resourcePolicy: Statement[] = [],
) {
  const values = new Map(Object.entries(context).map(([key, found]) => [key.toLowerCase(), found]));
  return decide(
    { action, resource, principal, context: new Map([['aws:securetransport', ['true']], ...values]) },
    { identity: statements, resource: resourcePolicy },
  );
}

const put = (more: Partial<Statement>): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:PutItem',
  Resource: TABLE,
  ...more,
});
const putting = (context: Record<string, string[]> = {}): Call => ({
  action: 'dynamodb:PutItem',
  resource: TABLE,
  context,
});

describe('a role', () => {
  test.each<[string, Statement[], Call, string]>([
    ['may what a statement allows', [put({})], putting(), 'ALLOWED'],
    ['may nothing without a statement', [], putting(), 'NOT_ALLOWED'],
    ['may no other action', [put({})], { action: 'dynamodb:DeleteItem', resource: TABLE }, 'NOT_ALLOWED'],
    ['may nothing on another resource', [put({})], { ...putting(), resource: `${TABLE}2` }, 'NOT_ALLOWED'],
    ['writes actions in any case', [put({ Action: 'DynamoDB:putitem' })], putting(), 'ALLOWED'],
    ['may by a star in an action', [put({ Action: ['sns:Publish', 'dynamodb:Put*'] })], putting(), 'ALLOWED'],
    ['may by a star in a resource', [put({ Resource: 'arn:aws:dynamodb:*:*:table/req*' })], putting(), 'ALLOWED'],
    ['may not what a deny forbids', [put({}), put({ Effect: 'Deny', Action: '*' })], putting(), 'DENIED'],
    ['may all but', [put({ Action: undefined, NotAction: 'dynamodb:Delete*' })], putting(), 'ALLOWED'],
    ['may nothing of the others', [put({ Action: undefined, NotAction: 'dynamodb:*' })], putting(), 'NOT_ALLOWED'],
    ['may on all but', [put({ Resource: undefined, NotResource: `${TABLE}/*` })], putting(), 'ALLOWED'],
    ['may on none of the others', [put({ Resource: undefined, NotResource: TABLE })], putting(), 'NOT_ALLOWED'],
  ])('%s', (_what, statements, call, decision) => {
    expect(ask(statements, call)).toBe(decision);
  });

  test('may what the policy of a resource allows itself, and not what that leaves to its account', () => {
    const topic = { action: 'sns:Publish', resource: 'arn:aws:sns:eu-west-1:111111111111:t' };
    const allow = (Principal: unknown): Statement => ({
      Effect: 'Allow',
      Principal,
      Action: 'sns:Publish',
      Resource: '*',
    });

    expect(ask([], topic, [allow({ AWS: ROLE })])).toBe('ALLOWED');
    expect(ask([], topic, [allow('*')])).toBe('ALLOWED');
    expect(ask([], topic, [allow({ AWS: 'arn:aws:iam::111111111111:root' })])).toBe('NOT_ALLOWED');
    expect(ask([], topic, [allow({ Service: 'sns.amazonaws.com' })])).toBe('NOT_ALLOWED');
    expect(ask([{ Effect: 'Allow', Action: '*', Resource: '*' }], topic, [{ ...allow('*'), Effect: 'Deny' }])).toBe(
      'DENIED',
    );
  });

  test('is assumed by whom its trust names, be it the whole account', () => {
    const trust = (Principal: unknown, Condition = {}): Statement[] => [
      { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition },
    ];
    const may = (statements: Statement[]) =>
      trusts(statements, {
        action: 'sts:AssumeRole',
        resource: 'arn:aws:iam::111111111111:role/answer',
        principal,
        context: new Map([['aws:principalarn', [ROLE]]]),
      });

    expect(may(trust({ AWS: 'arn:aws:iam::111111111111:root' }))).toBe(true);
    expect(may(trust({ AWS: '111111111111' }, { ArnEquals: { 'aws:PrincipalArn': ROLE } }))).toBe(true);
    expect(may(trust({ AWS: '111111111111' }, { ArnEquals: { 'aws:PrincipalArn': `${ROLE}2` } }))).toBe(false);
    expect(may(trust({ AWS: 'arn:aws:iam::222222222222:root' }))).toBe(false);
    expect(may([...trust({ AWS: ROLE }), { Effect: 'Deny', Principal: '*', Action: '*' }])).toBe(false);
  });

  test('is not judged by an operator that is not known', () => {
    expect(() => ask([put({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })], putting())).toThrow(
      'the rehearsal does not know the condition operator IpAddress',
    );
  });
});

describe('as the independent evaluator says', () => {
  const KEYS = 'dynamodb:LeadingKeys';
  const key = fc.constantFrom('asked#1', 'trigger#1', 'vote#1', 'ASKED#1');
  const pattern = fc.constantFrom('asked#*', 'trigger#1', 'ask??#1', '*', 'asked#1');
  const operator = fc
    .tuple(
      fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
      fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'),
      fc.constantFrom('', 'IfExists'),
    )
    .map((parts) => parts.join(''));

  // A list without a set operator is refused by that evaluator, so such conditions get one value, or none.
  test('conditions hold, with and without their key', async () => {
    await fc.assert(
      fc.asyncProperty(
        operator,
        fc.array(pattern, { minLength: 1, maxLength: 2 }),
        fc.array(key, { maxLength: 2 }),
        fc.boolean(),
        async (name, wanted, found, isNull) => {
          const isSet = name.startsWith('For');
          const values = isSet ? found : found.slice(0, 1);
          const context: Record<string, string[]> =
            values.length === 0 ? {} : isSet ? { [KEYS]: values } : { 'aws:PrincipalTag/team': values };
          const conditionKey = isSet ? KEYS : 'aws:PrincipalTag/team';
          const statement = put({
            Condition: isNull ? { Null: { [conditionKey]: 'true' } } : { [name]: { [conditionKey]: wanted } },
          });

          const ours = ask([statement], putting(context));
          const theirs = await judge(
            {
              action: 'dynamodb:PutItem',
              resource: TABLE,
              principal: SESSION,
              context: Object.fromEntries(Object.entries(context).map(([k, v]) => [k, isSet ? v : v[0]!])),
            },
            [{ name: 'p', policy: { Version: '2012-10-17', Statement: [statement] } }],
          );

          expect(ours === 'ALLOWED').toBe(theirs === 'Allowed');
        },
      ),
      { numRuns: 150 },
    );
  });

  test('ARNs are alike', async () => {
    const part = fc.constantFrom('*', 'eu-west-1', 'eu-*', '111111111111', 'app', 'a?p');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('ArnLike', 'ArnEquals', 'ArnNotLike'),
        fc.tuple(part, part),
        async (name, [account, role]) => {
          const wanted = `arn:aws:iam::${account}:role/${role}`;
          const statement = put({ Condition: { [name]: { 'aws:PrincipalArn': wanted } } });

          const ours = ask([statement], putting({ 'aws:PrincipalArn': [ROLE] }));
          const theirs = await judge(
            { action: 'dynamodb:PutItem', resource: TABLE, principal: SESSION, context: { 'aws:PrincipalArn': ROLE } },
            [{ name: 'p', policy: { Version: '2012-10-17', Statement: [statement] } }],
          );

          expect(ours === 'ALLOWED').toBe(theirs === 'Allowed');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('both accounts have to allow what is between them', async () => {
    const TOPIC = 'arn:aws:sns:eu-west-1:222222222222:t';
    const effect = fc.constantFrom('Allow', 'Deny', undefined);
    const whom = fc.constantFrom<unknown>(
      '*',
      { AWS: ROLE },
      { AWS: 'arn:aws:iam::111111111111:root' },
      { AWS: '333333333333' },
    );
    await fc.assert(
      fc.asyncProperty(effect, effect, whom, async (own, others, Principal) => {
        const statement = { Action: 'sns:Publish', Resource: TOPIC };
        const identity: Statement[] = own === undefined ? [] : [{ ...statement, Effect: own }];
        const policy: Statement[] = others === undefined ? [] : [{ ...statement, Effect: others, Principal }];
        const call = { action: 'sns:Publish', resource: TOPIC };

        const theirs = await judge(
          { ...call, principal: SESSION, context: {} },
          [{ name: 'p', policy: { Version: '2012-10-17', Statement: identity } }],
          { Version: '2012-10-17', Statement: policy },
        );

        expect(ask(identity, call, policy) === 'ALLOWED').toBe(theirs === 'Allowed');
      }),
      { numRuns: 60 },
    );
  });
});
