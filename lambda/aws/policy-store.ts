import { GetParametersByPathCommand, GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { checksParameter, gatesPath, peoplePath, policyParameter } from '../../contract/names';
import type { CheckPlan } from '../../contract/checks';
import { checksOf, type GateName, type GatePolicy, type PeopleDocument, type Person } from '../../contract/policy';
import type { Directory } from '../domain/approver-list';
import { parseAnyPolicy, parseChecks, parsePeople, parsePolicy } from '../domain/parse-policy';
import { ifRead, type Parsed } from '../domain/parsed';
import { readLists } from './approver-lists';

/** What a gate's parameters say, as far as they are there and can be understood. */
export interface GateDocuments {
  readonly policy: Parsed<GatePolicy>;
  /** The checks of the policy; none where it names none. */
  readonly plans: Parsed<readonly CheckPlan[]>;
}

/** Reads a workflow's parameters: policies, checks, people. Nothing is cached, so that a removal acts at once. */
export class PolicyStore {
  constructor(
    private readonly client: SSMClient,
    private readonly workflow: string,
  ) {}

  /** Policy and checks of a gate in one call. */
  async gate(gate: GateName): Promise<GateDocuments> {
    const name = policyParameter(this.workflow, gate.pipeline, gate.stage, gate.action);
    const checks = checksParameter(this.workflow, gate.pipeline, gate.stage, gate.action);
    const { Parameters = [] } = await this.client.send(new GetParametersCommand({ Names: [name, checks] }));
    const valueOf = (wanted: string) => Parameters.find(({ Name }) => Name === wanted)?.Value;
    const document = valueOf(name);
    const policy =
      document === undefined ? missing<GatePolicy>('this gate has no policy') : parsePolicy(document, gate);
    return { policy, plans: policy.ok ? plansOf(policy.value, valueOf) : policy };
  }

  /** The policies of all gates of the workflow; one that cannot be understood is left out. */
  async all(): Promise<readonly GatePolicy[]> {
    const values = await this.below(gatesPath(this.workflow), true);
    return values.flatMap((document) => ifRead(parseAnyPolicy(document)));
  }

  /** Everyone declared; a parameter that cannot be understood holds nobody. */
  async people(): Promise<readonly Person[]> {
    return (await this.declared()).flatMap(({ people }) => people);
  }

  /**
   * Everyone declared, and who stands in lists.
   *
   * @param wanted the lists; absent = all of them
   */
  async directory(wanted?: readonly string[]): Promise<Directory> {
    const declared = await this.declared();
    const lists = declared.flatMap(({ lists = [] }) => lists);
    return {
      people: declared.flatMap(({ people }) => people),
      lists: await readLists(
        this.client,
        lists.filter(({ parameter }) => wanted?.includes(parameter) ?? true),
      ),
    };
  }

  private async declared(): Promise<readonly PeopleDocument[]> {
    const documents = await this.below(peoplePath(this.workflow), false);
    return documents.flatMap((document) => ifRead(parsePeople(document)));
  }

  private async below(Path: string, Recursive: boolean): Promise<readonly string[]> {
    const values: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(
        new GetParametersByPathCommand({ Path, Recursive, MaxResults: 10, NextToken }),
      );
      values.push(...(page.Parameters ?? []).map(({ Value }) => Value ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return values;
  }
}

function plansOf({ rule }: GatePolicy, valueOf: (name: string) => string | undefined): Parsed<readonly CheckPlan[]> {
  const source = checksOf(rule)?.source;
  if (source === undefined) {
    return { ok: true, value: [] };
  }
  if ('plans' in source) {
    return { ok: true, value: source.plans };
  }
  const document = valueOf(source.parameter);
  if (document === undefined) {
    return missing('the parameter with the checks of this gate is missing');
  }
  const read = parseChecks(document);
  return read.ok ? { ok: true, value: read.value.checks } : read;
}

function missing<T>(problem: string): Parsed<T> {
  return { ok: false, problem };
}
