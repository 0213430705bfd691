/** CloudFormation gives up the deployment of a stack, which may be rolled back then. */
export class DeploymentFailed extends Error {
  override readonly name = 'DeploymentFailed';
}

/** Why a world cannot begin. */
export function notDeployed(stack: string, error: unknown): unknown {
  return error instanceof DeploymentFailed
    ? new Error(
        `${stack} does not deploy: ${error.message}. If that is of no interest, let the scenario say customResources: assumed`,
        { cause: error },
      )
    : error;
}
