import {
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterNotFound,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { peoplePath, policyParameter } from '../../contract/names';
import type { CheckPlan, GateName, GatePolicy, Person } from '../../contract/policy';
import { parseChecks, parsePeople, parsePolicy } from '../domain/parse-policy';
import type { Parsed } from '../domain/parsed';

/** Reads a workflow's parameters: policies, checks, people. Nothing is cached, so that a removal acts at once. */
export class PolicyStore {
  constructor(
    private readonly client: SSMClient,
    private readonly workflow: string,
  ) {}

  /** Undefined when the gate has no policy (yet). */
  async policy(gate: GateName): Promise<Parsed<GatePolicy> | undefined> {
    const document = await this.parameter(policyParameter(this.workflow, gate.pipeline, gate.stage, gate.action));
    return document === undefined ? undefined : parsePolicy(document, gate);
  }

  /** Undefined when they are missing or cannot be understood: the gate then stays closed. */
  async checks(parameter: string): Promise<readonly CheckPlan[] | undefined> {
    const document = await this.parameter(parameter);
    const read = document === undefined ? undefined : parseChecks(document);
    return read?.ok === true ? read.value.checks : undefined;
  }

  /** Everyone declared; a parameter that cannot be understood holds nobody. */
  async people(): Promise<readonly Person[]> {
    const people: Person[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(
        new GetParametersByPathCommand({ Path: peoplePath(this.workflow), MaxResults: 10, NextToken }),
      );
      for (const { Value } of page.Parameters ?? []) {
        const read = parsePeople(Value ?? '');
        people.push(...(read.ok ? read.value : []));
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return people;
  }

  private async parameter(Name: string): Promise<string | undefined> {
    try {
      const { Parameter } = await this.client.send(new GetParameterCommand({ Name }));
      return Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) {
        return undefined;
      }
      throw error;
    }
  }
}
