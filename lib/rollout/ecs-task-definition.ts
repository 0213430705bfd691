import { Lazy, Token } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { GateError } from '../errors';
import { isIntrinsic, keptToken, renderedProperties } from '../private/rendered-properties';
import { uncapitalize } from '../private/text';
import { mustBeText } from '../private/types';

/** What ECS's API does not call as CloudFormation does, with a small first letter. */
const RENAMED: Readonly<Record<string, string>> = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
  ProxyConfigurationProperties: 'properties',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
};

/** Maps whose keys are the user's. */
const MAPS: ReadonlySet<string> = new Set(['dockerLabels', 'driverOpts', 'labels', 'options']);

/** Numbers and booleans of ECS's API, where a text in their place is refused. Processor and memory of the whole task are texts. */
const BARE: ReadonlySet<string> = new Set([
  'autoprovision',
  'configuredAtLaunch',
  'containerPort',
  'cpu',
  'disableNetworking',
  'enableFaultInjection',
  'enabled',
  'essential',
  'hardLimit',
  'hostPort',
  'ignoredExitCodes',
  'initProcessEnabled',
  'interactive',
  'interval',
  'maxComputePercent',
  'maxSwap',
  'memory',
  'memoryReservation',
  'privileged',
  'pseudoTerminal',
  'readOnly',
  'readonlyRootFilesystem',
  'restartAttemptPeriod',
  'retries',
  'sharedMemorySize',
  'size',
  'sizeInGiB',
  'softLimit',
  'startPeriod',
  'startTimeout',
  'stopTimeout',
  'swappiness',
  'timeout',
  'transitEncryptionPort',
]);
const TEXTS_OF_TASK: ReadonlySet<string> = new Set(['cpu', 'memory']);

/**
 * The task definition of the app as the text that `RegisterTaskDefinition` takes, with placeholders for the images of these containers.
 * Written when the app is synthesized: containers may be added until then. Any stack may hold it.
 */
export function taskDefinitionText(
  definition: ecs.TaskDefinition,
  placeholders: Readonly<Record<string, string>>,
): string {
  Object.entries(placeholders).forEach(([name, placeholder]) => {
    mustBeText(`placeholder of container '${name}'`, placeholder);
    mustBeContainer(definition, name);
  });
  const { stack } = definition;
  const produce = (): string => {
    // Tags are the stack's.
    const { Tags: _, ...properties } = renderedProperties(definition.node.defaultChild as ecs.CfnTaskDefinition);
    const named = Object.entries(properties).map(([key, value]) => {
      const name = nameInApi(key);
      return [name, asInApi(value, TEXTS_OF_TASK.has(name) ? '' : name)] as const;
    });
    const { containerDefinitions = [], ...others } = Object.fromEntries(named) as Rendered;
    return stack.toJsonString({
      ...others,
      containerDefinitions: containerDefinitions.map((container) => {
        const placeholder = placeholders[stack.resolve(container.name) as string];
        return placeholder === undefined ? container : { ...container, image: `<${placeholder}>` };
      }),
    });
  };
  return Lazy.string({ produce });
}

interface Rendered {
  readonly containerDefinitions?: readonly { readonly name: string }[];
}

/** `name` says what the value is in the API. */
function asInApi(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => asInApi(one, name));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  // A token, never its JSON, which would stand in the text in place of its value.
  const token = keptToken(value) ?? (isIntrinsic(value) ? Token.asAny(value) : undefined);
  if (token !== undefined) {
    return BARE.has(name) ? Token.asNumber(token) : token;
  }
  const isMap = MAPS.has(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const inApi = isMap ? key : nameInApi(key);
      return [inApi, asInApi(inner, isMap ? '' : inApi)];
    }),
  );
}

function nameInApi(key: string): string {
  return RENAMED[key] ?? uncapitalize(key);
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
