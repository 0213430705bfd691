/**
 * The task definition that CodePipeline registers before CodeDeploy deploys it: the file of the build, with the images of the run in place of their
 * placeholders (https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html).
 */
import { actionCaller } from '../pipeline/action-role';
import type { ActionWork } from '../pipeline/provider';
import { artifactTexts } from './artifact-texts';
import { couldNot } from './failed-call';
import type { DeployHost } from './host';

export interface Registered {
  /** ARN; undefined when nothing of the app says what is in the file. */
  readonly arn?: string;
  /** Why nothing can be deployed. */
  readonly failure?: string;
}

/** Registers the task definition in the role of the action, or of the pipeline. */
export async function registerTaskDefinition(
  host: Pick<DeployHost, 'account' | 'call' | 'caller' | 'resources'>,
  work: ActionWork,
): Promise<Registered> {
  const { pipeline, run } = work;
  const { resolvedConfiguration: configuration } = run;
  const artifact = configuration.TaskDefinitionTemplateArtifact;
  const text = artifactTexts(host, pipeline, artifact).find((value) => value.includes('"containerDefinitions"'));
  if (text === undefined) return {};
  const read = definitionOf(withImages(text, configuration));
  if (typeof read === 'string') return { failure: `the task definition in ${artifact} ${read}` };
  return host.call('ecs', 'RegisterTaskDefinition', read, actionCaller(host, work)).then(
    ({ taskDefinition }: any) => ({ arn: String(taskDefinition.taskDefinitionArn) }),
    (error: unknown) => ({ failure: couldNot('CodePipeline', error) }),
  );
}

/** An action has at most four images, each with its placeholder. */
function withImages(text: string, configuration: Readonly<Record<string, string>>): string {
  return [1, 2, 3, 4].reduce((filled, number) => {
    const [artifact, name] = [
      configuration[`Image${number}ArtifactName`],
      configuration[`Image${number}ContainerName`],
    ];
    return artifact === undefined || name === undefined ? filled : filled.replaceAll(`<${name}>`, `${artifact}:image`);
  }, text);
}

interface Definition {
  readonly family?: unknown;
  readonly containerDefinitions?: readonly { readonly name?: string; readonly image?: string }[];
}

/** A text says why it cannot be registered. */
function definitionOf(text: string): Definition | string {
  let definition: Definition;
  try {
    definition = JSON.parse(text) as Definition;
  } catch (error) {
    return `is not JSON: ${(error as Error).message}`;
  }
  const { family, containerDefinitions = [] } = definition;
  if (typeof family !== 'string' || family === '') return 'names no family';
  if (containerDefinitions.length === 0) return 'has no containers';
  const open = containerDefinitions.find(({ image }) => image === undefined || /<[^<>]+>/.test(image));
  return open === undefined
    ? definition
    : `has container ${open.name} with image ${open.image ?? 'undefined'}, for which the action has none`;
}
