import { GateError } from '../errors';
import { mustBeLiteral } from './text';

/** Refuses what cannot be the name of a workflow. */
export function mustBeWorkflowName(name: string): void {
  mustBeLiteral('workflowName', name, 'parameters, topics and role paths are named after it');
  if (!/^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(name)) {
    throw new GateError(
      'InvalidWorkflowName',
      `\`workflowName\` is '${name}', but must be a letter, then letters, digits and '-', at most 32 characters: rename it`,
    );
  }
}
