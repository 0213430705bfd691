/** One stage of a REST API: what it serves, and the changes that a rollout makes to it. Each may be made twice. */
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetStageCommand,
  NotFoundException,
  UpdateStageCommand,
  type PatchOperation,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import { releaseOf } from '../../contract/stage-shift';
import type { ApiDeployment, ServedStage } from '../domain/stage-shift';

/** API Gateway answers few changes in a minute. */
const ATTEMPTS = 6;

const RELEASE = /^Release ([\w-]{1,64})$/;

/** API Gateway has no such stage, or no such API, any more. */
export class StageGone extends Error {
  override readonly name = 'StageGone';
}

export class ApiStage {
  private readonly client = new APIGatewayClient({ maxAttempts: ATTEMPTS });

  constructor(
    private readonly restApiId: string,
    private readonly stageName: string,
  ) {}

  async read(): Promise<ServedStage> {
    const stage = await this.stage();
    const production = await this.deployment(stage.deploymentId);
    const { canarySettings } = stage;
    if (canarySettings === undefined) {
      return { production };
    }
    const { deploymentId = stage.deploymentId, percentTraffic = 0 } = canarySettings;
    const canary = deploymentId === stage.deploymentId ? production : await this.deployment(deploymentId);
    return { production, canary: { ...canary, percent: percentTraffic } };
  }

  /** A snapshot of the API as it is defined now, which nothing serves yet. */
  async snapshot(run: string): Promise<string> {
    const { restApiId } = this;
    const made = await this.client.send(new CreateDeploymentCommand({ restApiId, description: releaseOf(run) }));
    return identified(made.id);
  }

  async giveCanary(deployment: string, percent: number): Promise<void> {
    const stage = await this.update(
      { op: 'replace', path: '/canarySettings/deploymentId', value: deployment },
      share(percent),
    );
    mustServe(stage.canarySettings?.deploymentId, deployment);
  }

  async share(deployment: string, percent: number): Promise<void> {
    const { deploymentId, canarySettings } = await this.update(share(percent));
    if (canarySettings?.deploymentId === deploymentId) {
      // The canary was removed in between: this made another one, of what is served anyway.
      await this.dropCanary();
    }
    mustServe(canarySettings?.deploymentId, deployment);
  }

  /** Gives all requests to the canary, and ends it. */
  async promote(deployment: string, before: string): Promise<void> {
    const stage = await this.update(
      { op: 'copy', from: '/canarySettings/deploymentId', path: '/deploymentId' },
      share(0),
    );
    if (stage.deploymentId !== deployment) {
      // Somebody gave the stage another canary in between, which nobody has watched.
      await this.moveAll(before);
    }
    mustServe(stage.deploymentId, deployment);
    await this.dropCanary();
  }

  async moveAll(deployment: string): Promise<void> {
    const stage = await this.update({ op: 'replace', path: '/deploymentId', value: deployment });
    mustServe(stage.deploymentId, deployment);
  }

  /** All requests go to production. */
  async dropCanary(): Promise<void> {
    try {
      await this.update({ op: 'remove', path: '/canarySettings' });
    } catch (error) {
      // Another invocation, or a person, may have removed it in between.
      if ((await this.stage()).canarySettings !== undefined) {
        throw error;
      }
    }
  }

  private async stage(): Promise<Stage> {
    const { restApiId, stageName } = this;
    try {
      return await this.client.send(new GetStageCommand({ restApiId, stageName }));
    } catch (error) {
      throw error instanceof NotFoundException ? new StageGone('API Gateway has no such stage') : error;
    }
  }

  private async deployment(deploymentId: string | undefined): Promise<ApiDeployment> {
    const { restApiId } = this;
    const id = identified(deploymentId);
    try {
      const found = await this.client.send(new GetDeploymentCommand({ restApiId, deploymentId: id }));
      const run = RELEASE.exec(found.description ?? '')?.[1];
      const madeAt = found.createdDate?.toISOString();
      return { id, ...(run === undefined ? {} : { run }), ...(madeAt === undefined ? {} : { madeAt }) };
    } catch (error) {
      if (error instanceof NotFoundException) {
        return { id };
      }
      throw error;
    }
  }

  private update(...patchOperations: PatchOperation[]): Promise<Stage> {
    const { restApiId, stageName } = this;
    return this.client.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
  }
}

function share(percent: number): PatchOperation {
  return { op: 'replace', path: '/canarySettings/percentTraffic', value: String(percent) };
}

function identified(id: string | undefined): string {
  if (id === undefined) {
    throw new Error('API Gateway names no deployment');
  }
  return id;
}

/** Somebody may have changed the stage in between. */
function mustServe(found: string | undefined, wanted: string): void {
  if (found !== wanted) {
    throw new Error('the stage serves another deployment than it was given');
  }
}
