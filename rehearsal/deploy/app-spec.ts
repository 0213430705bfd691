/** The AppSpec of an ECS deployment. No build builds here, so it is found where the app has it: in what its producer is given. */
import { parse } from 'yaml';
import type { PipelineModel } from '../pipeline/model';
import type { Resource } from '../template/model';

/** Name or ARN of a function, by the event in which CodeDeploy calls it. */
export type AppSpecHooks = Readonly<Record<string, string>>;

/** The hooks of the AppSpec in this artifact; undefined when nothing of the app says what is in it. */
export function appSpecHooks(
  host: { resources(type: string): readonly Resource[] },
  { stages }: PipelineModel,
  artifact: string | undefined,
): AppSpecHooks | undefined {
  const producer = stages
    .flatMap(({ actions }) => actions)
    .find(({ outputs }) => artifact !== undefined && outputs.includes(artifact));
  if (producer === undefined) return undefined;
  const { ProjectName, EnvironmentVariables = '[]' } = producer.configuration;
  const project = host.resources('AWS::CodeBuild::Project').find(({ physicalId }) => physicalId === ProjectName);
  const variables = [
    ...(JSON.parse(EnvironmentVariables) as { value?: unknown }[]).map(({ value }) => value),
    ...((project?.properties.Environment?.EnvironmentVariables ?? []) as any[]).map(({ Value }) => Value as unknown),
  ];
  const text = variables.find((value) => typeof value === 'string' && /Type: "?AWS::ECS::Service/.test(value));
  return text === undefined ? undefined : hooksOf(parse(text as string));
}

function hooksOf({ Hooks = [] }: { Hooks?: readonly AppSpecHooks[] }): AppSpecHooks {
  return Object.assign({}, ...Hooks) as AppSpecHooks;
}
