import { AwsError, type Authorization, type RestCall, type RestRequest, type Service } from '../service';
import { stableId } from '../template/identity';
import type { Resource } from '../template/model';
import type { Surroundings } from './surroundings';

/** What an API is, as a deployment of its stack has defined it. */
export interface ApiDefinition {
  /** Id of the change that it came with. */
  readonly revision: string;
  /** Whether it answers every request by an error. */
  readonly broken: boolean;
}

export interface ApiSnapshot extends ApiDefinition {
  readonly id: string;
  readonly description: string;
  readonly createdAt: number;
}

export interface ApiStageState {
  readonly apiId: string;
  /** `shop/prod` */
  readonly path: string;
  readonly production: ApiSnapshot;
  readonly canary?: { readonly snapshot: ApiSnapshot; readonly percent: number };
}

const FIRST: ApiDefinition = { revision: 'first', broken: false };
const STAGE = 'AWS::ApiGateway::Stage';

/** REST APIs of API Gateway: their deployments, which are snapshots, and the stages that serve these. */
export class RestApis {
  private readonly definitions = new Map<string, ApiDefinition>();
  private readonly snapshots = new Map<string, ApiSnapshot>();
  private readonly stages = new Map<string, ApiStageState>();
  /** Properties of stages, as templates had them last. */
  private readonly declared = new Map<string, string>();
  private readonly turns = new Map<string, number>();
  private readonly listeners: ((stage: ApiStageState) => void)[] = [];

  constructor(private readonly around: Surroundings) {}

  /**
   * Takes up the deployments and stages of newly deployed templates. A stage that is there keeps what it serves, unless its template has
   * changed: then CloudFormation gives it the deployment that it has there.
   */
  adopt(): void {
    for (const { physicalId, properties } of this.around.resources('AWS::ApiGateway::Deployment')) {
      if (this.snapshots.has(physicalId)) continue;
      this.snapshot(String(properties.RestApiId), String(properties.Description ?? ''), physicalId);
    }
    for (const { properties } of this.around.resources(STAGE)) {
      const [apiId, name] = [String(properties.RestApiId), String(properties.StageName)];
      const key = keyOf(apiId, name);
      const declared = JSON.stringify(properties);
      if (this.declared.get(key) === declared) continue;
      this.declared.set(key, declared);
      const path = `${this.nameOf(apiId)}/${name}`;
      const before = this.stages.get(key);
      const production =
        this.snapshots.get(String(properties.DeploymentId)) ??
        before?.production ??
        this.snapshot(apiId, 'The first version of this API');
      this.stages.set(key, { ...before, apiId, path, production });
      if (before !== undefined) this.tellOf(key);
    }
  }

  /** A deployment of its stack has changed what an API is. Its stages go on as they are. */
  define(apiId: string, definition: ApiDefinition): void {
    this.definitions.set(apiId, definition);
  }

  definitionOf(apiId: string): ApiDefinition {
    return this.definitions.get(apiId) ?? FIRST;
  }

  /** By `shop/prod`. */
  get all(): ReadonlyMap<string, ApiStageState> {
    return new Map([...this.stages.values()].map((stage) => [stage.path, stage]));
  }

  onChange(listener: (stage: ApiStageState) => void): void {
    this.listeners.push(listener);
  }

  /** What answers the next request: of ten, 10 % are one, at every run the same one. */
  serves(apiId: string, name: string): ApiSnapshot | undefined {
    const key = keyOf(apiId, name);
    const stage = this.stages.get(key);
    if (stage?.canary === undefined) return stage?.production;
    const turn = (this.turns.get(key) ?? 0) + 1;
    this.turns.set(key, turn);
    const share = stage.canary.percent / 100;
    const isCanary = Math.floor(turn * share + 1e-9) > Math.floor((turn - 1) * share + 1e-9);
    return isCanary ? stage.canary.snapshot : stage.production;
  }

  service(): Service {
    const on =
      (verb: string, rest: (input: any) => string) =>
      (input: any): Authorization => ({
        action: `apigateway:${verb}`,
        resources: [`arn:aws:apigateway:${this.around.region}::/restapis/${input.restApiId}/${rest(input)}`],
      });
    const stage = ({ stageName }: any): string => `stages/${stageName}`;
    return {
      name: 'apigateway',
      protocol: 'rest',
      route: routeOf,
      operations: {
        GetStage: (input) => shown(this.existing(input)),
        UpdateStage: (input) => this.update(input),
        CreateDeployment: ({ restApiId, description = '' }) => shownSnapshot(this.snapshot(restApiId, description)),
        GetDeployment: ({ deploymentId }) => shownSnapshot(this.existingSnapshot(deploymentId)),
      },
      authorize: {
        GetStage: on('GET', stage),
        UpdateStage: on('PATCH', stage),
        CreateDeployment: on('POST', () => 'deployments'),
        GetDeployment: on('GET', ({ deploymentId }) => `deployments/${deploymentId}`),
      },
    };
  }

  private nameOf(apiId: string): string {
    const api = this.around.resources('AWS::ApiGateway::RestApi').find(({ physicalId }) => physicalId === apiId);
    return String(api?.properties.Name ?? apiId);
  }

  private snapshot(
    apiId: string,
    description: string,
    id = stableId(apiId, String(this.snapshots.size)).slice(0, 6),
  ): ApiSnapshot {
    const createdAt = this.around.clock.now();
    const snapshot = { ...this.definitionOf(apiId), id, description, createdAt };
    this.snapshots.set(id, snapshot);
    return snapshot;
  }

  private existing({ restApiId, stageName }: any): ApiStageState {
    const stage = this.stages.get(keyOf(restApiId, stageName));
    if (stage === undefined) throw new AwsError('NotFoundException', 'Invalid Stage identifier specified', 404);
    return stage;
  }

  private existingSnapshot(id: string): ApiSnapshot {
    const found = this.snapshots.get(id);
    if (found === undefined) throw new AwsError('NotFoundException', 'Invalid Deployment identifier specified', 404);
    return found;
  }

  private update(input: any): object {
    const stage = (input.patchOperations ?? []).reduce(
      (before: ApiStageState, operation: any) => this.patched(before, operation),
      this.existing(input),
    ) as ApiStageState;
    const key = keyOf(input.restApiId, input.stageName);
    this.stages.set(key, stage);
    this.tellOf(key);
    return shown(stage);
  }

  private tellOf(key: string): void {
    const stage = this.stages.get(key);
    if (stage === undefined) return;
    const share = stage.canary === undefined ? 'no canary' : `${stage.canary.percent} % to ${stage.canary.snapshot.id}`;
    this.around.tell('api', `${stage.path}: production ${stage.production.id}, ${share}`);
    this.listeners.forEach((listener) => listener(stage));
  }

  /** What API Gateway allows of a stage that matters here. A canary begins with what production has, and nothing of the requests. */
  private patched(stage: ApiStageState, { op, path, from, value }: any): ApiStageState {
    const { canary = { snapshot: stage.production, percent: 0 }, ...production } = stage;
    switch (`${op} ${path}`) {
      case 'replace /deploymentId':
        return { ...stage, production: this.existingSnapshot(value) };
      case 'replace /canarySettings/deploymentId':
        return { ...stage, canary: { ...canary, snapshot: this.existingSnapshot(value) } };
      case 'replace /canarySettings/percentTraffic':
        if (!(Number(value) >= 0 && Number(value) <= 100)) throw refused('Invalid canary percent');
        return { ...stage, canary: { ...canary, percent: Number(value) } };
      case 'copy /deploymentId':
        if (from !== '/canarySettings/deploymentId') throw refused(`cannot copy from ${from}`);
        return { ...stage, production: canary.snapshot };
      case 'remove /canarySettings':
        if (stage.canary === undefined) throw refused('Cannot remove canarySettings: there are none');
        return production;
      default:
        throw refused(`Invalid patch: ${op} ${path}`);
    }
  }
}

function keyOf(apiId: string, stageName: string): string {
  return `${apiId} ${stageName}`;
}

function refused(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

function shown({ path, production, canary }: ApiStageState): object {
  return {
    stageName: path.split('/').at(-1),
    deploymentId: production.id,
    ...(canary === undefined
      ? {}
      : {
          canarySettings: { deploymentId: canary.snapshot.id, percentTraffic: canary.percent, useStageCache: false },
        }),
  };
}

function shownSnapshot({ id, description, createdAt }: ApiSnapshot): object {
  return { id, description, createdDate: new Date(createdAt) };
}

function routeOf({ method, path, body }: RestRequest): RestCall | undefined {
  const [, restApiId, kind, id] = /^\/restapis\/([^/]+)\/(stages|deployments)(?:\/([^/]+))?$/.exec(path) ?? [];
  const given = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as object);
  const stageName = id === undefined ? undefined : decodeURIComponent(id);
  switch (`${method} ${kind} ${id === undefined ? '' : 'one'}`) {
    case 'GET stages one':
      return { operation: 'GetStage', input: { restApiId, stageName } };
    case 'PATCH stages one':
      return { operation: 'UpdateStage', input: { ...given, restApiId, stageName } };
    case 'POST deployments ':
      return { operation: 'CreateDeployment', input: { ...given, restApiId } };
    case 'GET deployments one':
      return { operation: 'GetDeployment', input: { restApiId, deploymentId: id } };
    default:
      return undefined;
  }
}

/** Log group of the canary's requests: that of the stage, with this behind it. */
export function canaryLogOf(stage: Resource): string | undefined {
  const destination = stage.properties.AccessLogSetting?.DestinationArn as string | undefined;
  const name = destination === undefined ? undefined : /log-group:([^:]+)/.exec(destination)?.[1];
  return name === undefined ? undefined : `${name}/Canary`;
}
