/** What an app has that a scenario may name. */
import { actionPathsOf } from '../pipeline/structure';
import { addressesOf } from './names';
import type { Rehearsal } from './rehearsal';

export interface Names {
  readonly pipelines: readonly { readonly name: string; readonly actions: readonly string[] }[];
  readonly functions: readonly string[];
  readonly aliases: readonly string[];
  readonly alarms: readonly string[];
  readonly mailboxes: readonly string[];
  readonly parameters: readonly string[];
  /** Types of resources that are deployed and not rehearsed. */
  readonly notRehearsed: readonly string[];
}

export function namesOf(rehearsal: Rehearsal): Names {
  const { world, pipelines } = rehearsal;
  const ids = (type: string): string[] => world.resources(type).map(({ physicalId }) => physicalId);
  return {
    pipelines: pipelines.names.map((name) => ({
      name,
      actions: actionPathsOf(rehearsal.engine(name).model),
    })),
    functions: ids('AWS::Lambda::Function'),
    aliases: [...rehearsal.versions().keys()],
    alarms: world.alarms.names,
    mailboxes: addressesOf(world),
    parameters: ids('AWS::SSM::Parameter'),
    notRehearsed: world.unknownTypes,
  };
}

/** One name to a line, under what it is. */
export function listed(names: Names): string {
  const { pipelines, notRehearsed, ...others } = names;
  const group = (title: string, members: readonly string[]): readonly string[] =>
    members.length === 0 ? [] : [title, ...members.map((member) => `  ${member}`), ''];
  return [
    ...pipelines.flatMap(({ name, actions }) => group(`pipeline ${name}`, actions)),
    ...Object.entries(others).flatMap(([title, members]) => group(title, members)),
    ...group('not rehearsed', notRehearsed),
  ]
    .join('\n')
    .trimEnd();
}
