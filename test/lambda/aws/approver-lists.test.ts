import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { readLists } from '../../../lambda/aws/approver-lists';
import { ANA, person } from '../samples';

const ssm = mockClient(SSMClient);
const client = new SSMClient({ region: 'eu-west-1' });
const rule = (parameter: string) => ({ parameter, domains: ['example.com'] });
const denied = (name: string) => Object.assign(new Error('not allowed'), { name });

beforeEach(() => ssm.reset());

test('lists are read ten at once, each by its own rule', async () => {
  ssm.on(GetParametersCommand).callsFake(({ Names }: { Names: string[] }) => ({
    Parameters: Names.filter((Name) => Name !== '/list/3').map((Name) => ({
      Name,
      Value: Name === '/list/2' ? 'eve@attacker.example' : 'Ana@example.com',
    })),
  }));

  const lists = await readLists(
    client,
    Array.from({ length: 12 }, (_, n) => rule(`/list/${n}`)),
  );

  expect(ssm.commandCalls(GetParametersCommand).map(({ args }) => args[0].input.Names?.length)).toEqual([10, 2]);
  expect(lists.get('/list/11')).toEqual({ ok: true, value: [person(ANA.mail)] });
  expect(lists.get('/list/2')).toEqual({ ok: false, problem: "list '/list/2': entry 1 is not of an allowed domain" });
  expect(lists.get('/list/3')).toEqual({ ok: false, problem: "list '/list/3': it is missing" });
});

test('nothing is asked where there is no list', async () => {
  expect((await readLists(client, [])).size).toBe(0);
  expect(ssm.calls()).toHaveLength(0);
});

test('a list that may not be read is one that cannot be read; any other failure is tried again', async () => {
  ssm.on(GetParametersCommand).rejects(denied('AccessDeniedException'));
  expect((await readLists(client, [rule('/a')])).get('/a')).toEqual({
    ok: false,
    problem: "list '/a': access to it is denied",
  });

  ssm.on(GetParametersCommand).rejects(denied('ThrottlingException'));
  await expect(readLists(client, [rule('/a')])).rejects.toThrow('not allowed');
});
