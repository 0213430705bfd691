/** `#{Namespace.Key}` and `#{codepipeline.PipelineExecutionId}` in the configuration of an action. */
export type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

export class UnresolvedVariableError extends Error {
  constructor(readonly variable: string) {
    super(`the variable ${variable} has no value in this run`);
    this.name = 'UnresolvedVariableError';
  }
}

export function resolveVariables(
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
