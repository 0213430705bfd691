/** `#{Namespace.Key}` and `#{codepipeline.PipelineExecutionId}` in the configuration of an action. */
import type { ActionModel } from './model';
import type { ActionResult } from './provider';

export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

class UnresolvedVariableError extends Error {
  constructor(readonly variable: string) {
    super(`the variable ${variable} has no value in this run`);
    this.name = 'UnresolvedVariableError';
  }
}

/** The configuration of an action or a rule with its variables filled in; or as it stands, and why it fails. */
export function configured(
  { name, configuration }: Pick<ActionModel, 'name' | 'configuration'>,
  namespaces: Namespaces,
): [Record<string, string>, ActionResult | undefined] {
  try {
    return [resolveVariables(configuration, namespaces), undefined];
  } catch (error) {
    if (!(error instanceof UnresolvedVariableError)) throw error;
    return [
      { ...configuration },
      { status: 'Failed', errorCode: 'InvalidVariable', summary: `${error.message} (${name})` },
    ];
  }
}

function resolveVariables(
  configuration: Readonly<Record<string, string>>,
  namespaces: Namespaces,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [
      key,
      value.replace(/#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_-]+)\}/g, (whole, namespace: string, name: string) => {
        const found = namespaces.get(namespace)?.[name];
        if (found === undefined) throw new UnresolvedVariableError(whole);
        return found;
      }),
    ]),
  );
}
