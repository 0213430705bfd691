/** How many servers a deployment configuration of CodeDeploy lets be out of service, and how it goes through zones. */

export interface HostPlan {
  /** Of so many servers: as many may be out of service, or have failed, at the same time. */
  readonly out: (servers: number) => number;
  /** Zone by zone; seconds to wait after the first zone, and after each further one. */
  readonly zonal?: { readonly first: number; readonly others: number };
}

const ONE_AT_A_TIME: HostPlan = { out: () => 1 };

const PREDEFINED: Readonly<Record<string, HostPlan>> = {
  'CodeDeployDefault.OneAtATime': ONE_AT_A_TIME,
  'CodeDeployDefault.HalfAtATime': { out: (servers) => Math.floor(servers / 2) },
  'CodeDeployDefault.AllAtOnce': { out: (servers) => servers },
};

/** `CodeDeployDefault.OneAtATime` and its siblings; undefined for a name that AWS does not predefine. */
export function predefinedPlan(name: string = 'CodeDeployDefault.OneAtATime'): HostPlan | undefined {
  return PREDEFINED[name];
}

/** Properties of an `AWS::CodeDeploy::DeploymentConfig`. A percentage that has to stay healthy is rounded up to whole servers. */
export function customPlan({ MinimumHealthyHosts, ZonalConfig }: any): HostPlan {
  if (MinimumHealthyHosts === undefined) return ONE_AT_A_TIME;
  const value = Number(MinimumHealthyHosts.Value);
  const healthy = (servers: number): number =>
    MinimumHealthyHosts.Type === 'FLEET_PERCENT' ? Math.ceil((servers * value) / 100) : value;
  const others = Number(ZonalConfig?.MonitorDurationInSeconds ?? 0);
  return {
    out: (servers) => Math.max(servers - healthy(servers), 0),
    zonal:
      ZonalConfig === undefined
        ? undefined
        : { first: Number(ZonalConfig.FirstZoneMonitorDurationInSeconds ?? others), others },
  };
}
