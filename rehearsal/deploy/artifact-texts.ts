/** What is in an artifact. A rehearsal runs no build, so it is what the build is given: by its project, or by the action that runs it. */
import type { PipelineModel } from '../pipeline/model';
import type { Resource } from '../template/model';

export interface ArtifactHost {
  resources(type: string): readonly Resource[];
}

/** The values of the environment variables of the build that makes this artifact. */
export function artifactTexts(
  host: ArtifactHost,
  { stages }: PipelineModel,
  artifact: string | undefined,
): readonly string[] {
  const producer = stages
    .flatMap(({ actions }) => actions)
    .find(({ outputs }) => artifact !== undefined && outputs.includes(artifact));
  if (producer === undefined) return [];
  const { ProjectName, EnvironmentVariables = '[]' } = producer.configuration;
  const project = host.resources('AWS::CodeBuild::Project').find(({ physicalId }) => physicalId === ProjectName);
  return [
    ...(JSON.parse(EnvironmentVariables) as { value?: unknown }[]).map(({ value }) => value),
    ...((project?.properties.Environment?.EnvironmentVariables ?? []) as any[]).map(({ Value }) => Value as unknown),
  ].filter((value) => typeof value === 'string');
}
