import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ListRule, Person } from '../../contract/policy';
import { parseApproverList, unreadableList } from '../domain/approver-list';
import type { Parsed } from '../domain/parsed';
import { approverIdOf } from '../signing/link-key';
import { isAccessDenied } from './failure';

/** GetParameters takes so many names (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html). */
const AT_ONCE = 10;

/** The people of each of these lists, by the name of its parameter. Nothing is cached, so that a removal acts at once. */
export async function readLists(
  client: SSMClient,
  rules: readonly ListRule[],
): Promise<ReadonlyMap<string, Parsed<readonly Person[]>>> {
  const lists = new Map<string, Parsed<readonly Person[]>>();
  for (let first = 0; first < rules.length; first += AT_ONCE) {
    const some = rules.slice(first, first + AT_ONCE);
    const texts = await read(
      client,
      some.map(({ parameter }) => parameter),
    );
    some.forEach((rule) => lists.set(rule.parameter, listOf(rule, texts)));
  }
  return lists;
}

type Texts = ReadonlyMap<string, string> | 'DENIED';

/** A list that may not be read counts as missing: gates without a list are decided all the same. */
async function read(client: SSMClient, Names: string[]): Promise<Texts> {
  try {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names }));
    return new Map(Parameters.map(({ Name = '', Value = '' }) => [Name, Value]));
  } catch (error) {
    if (isAccessDenied(error)) {
      return 'DENIED';
    }
    throw error;
  }
}

function listOf(rule: ListRule, texts: Texts): Parsed<readonly Person[]> {
  const text = texts === 'DENIED' ? undefined : texts.get(rule.parameter);
  if (text === undefined) {
    return unreadableList(rule.parameter, texts === 'DENIED' ? 'access to it is denied' : 'it is missing');
  }
  const read = parseApproverList(text, rule);
  return read.ok ? { ok: true, value: read.value.map(personOf) } : read;
}

function personOf(mail: string): Person {
  return { id: approverIdOf(mail), mail, alsoKnownAs: [], shared: false };
}
