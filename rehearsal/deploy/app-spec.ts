/** The AppSpec of an ECS deployment, found where the app has it: in what the build is given that makes its artifact. */
import { parse } from 'yaml';
import type { PipelineModel } from '../pipeline/model';
import { artifactTexts, type ArtifactHost } from './artifact-texts';

/** Name or ARN of a function, by the event in which CodeDeploy calls it. */
export type AppSpecHooks = Readonly<Record<string, string>>;

/** The hooks of the AppSpec in this artifact; undefined when nothing of the app says what is in it. */
export function appSpecHooks(
  host: ArtifactHost,
  pipeline: PipelineModel,
  artifact: string | undefined,
): AppSpecHooks | undefined {
  const text = artifactTexts(host, pipeline, artifact).find((value) => /Type: "?AWS::ECS::Service/.test(value));
  return text === undefined ? undefined : hooksOf(parse(text));
}

function hooksOf({ Hooks = [] }: { Hooks?: readonly AppSpecHooks[] }): AppSpecHooks {
  return Object.assign({}, ...Hooks) as AppSpecHooks;
}
