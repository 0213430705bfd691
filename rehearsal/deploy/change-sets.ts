/** Change sets of CloudFormation: what they would do, and the API that tells it. */
import { randomUUID } from 'node:crypto';
import type { SaidChange } from '../pipeline/execution';
import { AwsError, type Service } from '../service';
import type { Template } from '../template/model';
import type { DeployHost } from './host';

export interface ChangeSet {
  readonly arn: string;
  readonly stackName: string;
  readonly name: string;
  /** The template that its execution deploys. */
  readonly path: string;
  readonly createdAt: number;
  readonly changes: readonly ResourceChange[];
}

interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly PolicyAction?: string;
  readonly Scope?: readonly string[];
}

/** As many as fit into one answer, so that callers have to turn pages. */
const PAGE = 40;

export class ChangeSets {
  private readonly prepared = new Map<string, ChangeSet>();

  constructor(private readonly host: DeployHost) {}

  get stacks(): readonly string[] {
    return [...new Set([...this.prepared.values()].map(({ stackName }) => stackName))];
  }

  /** Takes the place of one of the same name. */
  make(made: Pick<ChangeSet, 'stackName' | 'name' | 'path' | 'changes'>): ChangeSet {
    const { account, region, clock } = this.host;
    const arn = `arn:aws:cloudformation:${region}:${account}:changeSet/${made.name}/${randomUUID()}`;
    const changeSet = { ...made, arn, createdAt: clock.now() };
    this.prepared.set(keyOf(made.stackName, made.name), changeSet);
    return changeSet;
  }

  find(stackName: string | undefined, name: string | undefined): ChangeSet | undefined {
    return (
      this.prepared.get(keyOf(stackName, name)) ??
      [...this.prepared.values()].find((changeSet) => changeSet.arn === name)
    );
  }

  /** Somebody makes the change sets of a stack again, for the same template, and finds other changes. */
  makeAgain(stackName: string, changes: readonly SaidChange[]): void {
    for (const changeSet of [...this.prepared.values()].filter((one) => one.stackName === stackName)) {
      this.make({ ...changeSet, changes: changes.map(saidChange) });
    }
  }

  /** A stack that was updated has none: none of them fits it any more. */
  forget(stackName: string): void {
    for (const [key, changeSet] of this.prepared) {
      if (changeSet.stackName === stackName) this.prepared.delete(key);
    }
  }

  private stackArn(stackName: string): string {
    return `arn:aws:cloudformation:${this.host.region}:${this.host.account}:stack/${stackName}/rehearsal`;
  }

  service(): Service {
    return {
      name: 'cloudformation',
      protocol: 'query',
      operations: {
        DescribeChangeSet: ({ StackName, ChangeSetName, NextToken }) => {
          const found = this.find(StackName, ChangeSetName);
          if (found === undefined) {
            throw new AwsError('ChangeSetNotFound', `ChangeSet [${ChangeSetName}] does not exist`, 404);
          }
          return described(found, this.stackArn(found.stackName), Number(NextToken ?? 0));
        },
      },
      authorize: {
        DescribeChangeSet: ({ StackName }) => ({
          action: 'cloudformation:DescribeChangeSet',
          resources: [this.stackArn(StackName)],
        }),
      },
    };
  }
}

function keyOf(stackName: string | undefined, name: string | undefined): string {
  return `${stackName} ${name}`;
}

function described({ arn, stackName, name, createdAt, changes }: ChangeSet, StackId: string, from: number): object {
  const isEmpty = changes.length === 0;
  const to = from + PAGE;
  return {
    ChangeSetName: name,
    ChangeSetId: arn,
    StackId,
    StackName: stackName,
    CreationTime: new Date(createdAt),
    Status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
    ExecutionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
    StatusReason: isEmpty
      ? "The submitted information didn't contain changes. Submit different information to create a change set."
      : undefined,
    Changes: changes.slice(from, to).map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
    NextToken: to < changes.length ? String(to) : undefined,
  };
}

export function saidChange({ does, type, id }: SaidChange): ResourceChange {
  const named = { LogicalResourceId: id, ResourceType: type };
  switch (does) {
    case 'Add':
      return { ...named, Action: 'Add' };
    case 'Remove':
      return { ...named, Action: 'Remove', PolicyAction: 'Delete' };
    case 'Modify':
      return { ...named, Action: 'Modify', Replacement: 'False', Scope: ['Properties'] };
    case 'Replace':
      return {
        ...named,
        Action: 'Modify',
        Replacement: 'True',
        PolicyAction: 'ReplaceAndDelete',
        Scope: ['Properties'],
      };
    case 'MayReplace':
      return { ...named, Action: 'Modify', Replacement: 'Conditional', Scope: ['Properties'] };
  }
}

/** By logical ids. Which properties replace a resource is CloudFormation's knowledge: a scenario says it. */
export function changesBetween(before: Template, after: Template): readonly ResourceChange[] {
  const [old = {}, next = {}] = [before.Resources, after.Resources];
  const ids = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return ids.flatMap((id): readonly ResourceChange[] => {
    const [was, is] = [old[id], next[id]];
    if (is === undefined) return [saidChange({ does: 'Remove', type: was?.Type ?? '', id })];
    if (was === undefined) return [saidChange({ does: 'Add', type: is.Type, id })];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [saidChange({ does: 'Modify', type: is.Type, id })];
  });
}
