/**
 * What a build makes of another commit. The assembly holds one build only; a later commit is the same template with
 * new function versions and new task definitions, so that promoting it moves aliases and services as a real change would.
 */
import type { Breakage } from '../pipeline/execution';
import type { Template, TemplateResource } from '../template/model';

/** Environment variables that name the release, where a function has one. */
const RELEASE_VARIABLES = ['RELEASE', 'REVISION', 'COMMIT'];

const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';

export function buildOf(
  template: Template,
  revision: string,
  breaks: Readonly<Record<string, Breakage>> = {},
): Template {
  const resources = template.Resources ?? {};
  const suffix = revision.replace(/[^A-Za-z0-9]/g, '').slice(0, 12);
  const versions = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::Lambda::Version');
  const renamed = new Map([...versions, ...alarmsOf(resources, versions)].map((id) => [id, `${id}${suffix}`] as const));
  const hasTasks = Object.values(resources).some(({ Type }) => Type === TASK_DEFINITION);
  if (renamed.size === 0 && !hasTasks) return template;
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key === 'Ref' && typeof inner === 'string') return [key, renamed.get(inner) ?? inner];
        if (key === 'Fn::GetAtt' && Array.isArray(inner)) {
          return [key, [renamed.get(String(inner[0])) ?? inner[0], ...inner.slice(1)]];
        }
        if (key === 'DependsOn') {
          const ids = (Array.isArray(inner) ? inner : [inner]).map((id: string) => renamed.get(id) ?? id);
          return [key, ids];
        }
        return [key, rewrite(inner)];
      }),
    );
  };
  const rewritten = Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      renamed.get(id) ?? id,
      broken(released(rewrite(resource) as TemplateResource, revision), breaks),
    ]),
  );
  return { ...template, Resources: rewritten, Outputs: rewrite(template.Outputs) as Template['Outputs'] };
}

/** An alarm on a single version is a new alarm once there is a new version: it begins without the old one's state. */
function alarmsOf(resources: NonNullable<Template['Resources']>, versions: readonly string[]): readonly string[] {
  return Object.entries(resources)
    .filter(([, { Type, Properties }]) => Type === 'AWS::CloudWatch::Alarm' && Properties?.AlarmName === undefined)
    .filter(([, { Properties }]) => {
      const text = JSON.stringify(Properties);
      return versions.some((id) => text.includes(`{"Fn::GetAtt":["${id}",`));
    })
    .map(([id]) => id);
}

function released(resource: TemplateResource, revision: string): TemplateResource {
  if (resource.Type === TASK_DEFINITION) return labelled(resource, revision);
  const variables = (resource.Properties?.Environment as any)?.Variables;
  const name = RELEASE_VARIABLES.find((candidate) => typeof variables?.[candidate] === 'string');
  if (resource.Type !== 'AWS::Lambda::Function' || name === undefined) return resource;
  return {
    ...resource,
    Properties: {
      ...resource.Properties,
      Environment: { Variables: { ...variables, [name]: revision.slice(0, 12) } },
    },
  };
}

/** Another commit is another image: a label of its containers stands for it. */
function labelled(resource: TemplateResource, revision: string): TemplateResource {
  const containers = (resource.Properties?.ContainerDefinitions ?? []) as readonly Record<string, unknown>[];
  const ContainerDefinitions = containers.map((container) => ({
    ...container,
    DockerLabels: { ...(container.DockerLabels as object | undefined), release: revision.slice(0, 12) },
  }));
  return { ...resource, Properties: { ...resource.Properties, ContainerDefinitions } };
}

/** Handlers of a change that went wrong, in place of the function's own code. */
const BROKEN: Readonly<Record<Breakage, string>> = {
  errors: handler(`throw new Error('out of order')`),
  unhealthy: handler(
    `if (event.kind === 'approval-gate-check') return { hookStatus: 'FAILED', reason: 'the release does not work' };`,
  ),
  undecided: handler(
    `if (event.kind === 'approval-gate-check') return { hookStatus: 'IN_PROGRESS', callBackDelay: 60 };`,
  ),
};

function handler(body: string): string {
  return `exports.handler = async (event) => { ${body} return { statusCode: 200, body: 'ok' }; };`;
}

function broken(resource: TemplateResource, breaks: Readonly<Record<string, Breakage>>): TemplateResource {
  const how = breaks[String(resource.Properties?.FunctionName)];
  if (resource.Type !== 'AWS::Lambda::Function' || how === undefined) return resource;
  return {
    ...resource,
    Properties: { ...resource.Properties, Code: { ZipFile: BROKEN[how] }, Handler: 'index.handler' },
  };
}
