import { Lazy, Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';

/** What ECS's API calls otherwise than CloudFormation does. */
const RENAMED: Readonly<Record<string, string>> = {
  filesystemId: 'fileSystemId',
  fSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  proxyConfigurationProperties: 'properties',
};

/** Maps whose keys are the user's. */
const MAPS: ReadonlySet<string> = new Set(['dockerLabels', 'driverOpts', 'labels', 'options']);

/** What is a property of a task definition in ECS's API and in CloudFormation. Tags are the stack's. */
const PROPERTIES = [
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'containerDefinitions',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const;

/**
 * The task definition of the app as the text that `RegisterTaskDefinition` takes, with placeholders for the images of these containers.
 * Written when the app is synthesized: containers may be added until then.
 */
export function taskDefinitionText(
  definition: ecs.TaskDefinition,
  placeholders: Readonly<Record<string, string>>,
): string {
  Object.entries(placeholders).forEach(([name, placeholder]) => {
    mustBeText(`placeholder of container '${name}'`, placeholder);
    mustBeContainer(definition, name);
  });
  const resource = definition.node.defaultChild as ecs.CfnTaskDefinition;
  const { stack } = definition;
  const produce = (): string => {
    const given = Object.fromEntries(PROPERTIES.map((name) => [name, resource[name]]));
    const { containerDefinitions, ...others } = asInApi(stack.resolve(given)) as Rendered;
    return stack.toJsonString({
      ...others,
      containerDefinitions: containerDefinitions.map((container) => {
        const placeholder = placeholders[container.name];
        return placeholder === undefined ? container : { ...container, image: `<${placeholder}>` };
      }),
    });
  };
  return Lazy.string({ produce });
}

interface Rendered {
  readonly containerDefinitions: readonly { readonly name: string }[];
}

/** `renames` is off in maps, whose keys are the user's. */
function asInApi(value: unknown, renames = true): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => asInApi(one, renames));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (isIntrinsic(value)) {
    // As a token again: else its JSON would stand in the text, in place of its value.
    return Token.asAny(value);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = renames ? (RENAMED[key] ?? key) : key;
      return [name, asInApi(inner, renames && !MAPS.has(key))];
    }),
  );
}

function isIntrinsic(value: object): boolean {
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

function mustBeContainer(definition: ecs.TaskDefinition, name: string): void {
  if (definition.findContainer(name) === undefined) {
    throw new GateError(
      'UnknownContainer',
      `\`taskDefinition\` has a placeholder for container '${name}', but the task definition of \`service\` has none of that name: give the name of ` +
        'one of its containers',
    );
  }
}
