/** What CodeDeploy calls in the service role of a deployment group. */
import type { Caller } from '../service';
import type { Resource } from '../template/model';
import { failedCall } from './failed-call';
import type { DeployHost } from './host';

/** Undefined when it was allowed, else what CodeDeploy says. */
export type Refused = Promise<string | undefined>;

export abstract class CodeDeployCalls {
  private readonly roleArn: string;

  constructor(
    private readonly by: Pick<DeployHost, 'call' | 'caller'>,
    private readonly group: Resource | undefined,
  ) {
    this.roleArn = String(group?.properties.ServiceRoleArn);
  }

  /** Alarms that CodeDeploy may not look at stop a deployment, as red ones do. */
  describeAlarms(watched: readonly string[]): Refused {
    const AlarmNames = (this.group?.properties.AlarmConfiguration?.Alarms ?? []).map(({ Name }: any) => String(Name));
    return watched.length === 0
      ? Promise.resolve(undefined)
      : this.call('cloudwatch', 'DescribeAlarms', { AlarmNames });
  }

  /** In the Region of the deployment group. */
  protected get caller(): Caller {
    return { ...this.by.caller(this.roleArn), region: this.group?.region };
  }

  /** The first that is refused ends it. */
  protected async inTurn(calls: readonly (() => Refused)[]): Refused {
    for (const call of calls) {
      const refused = await call();
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** `fine`: an error of this name is an answer as well. */
  protected call(service: string, operation: string, input: object, fine?: string): Refused {
    return this.by.call(service, operation, input, this.caller).then(
      () => undefined,
      (error: unknown) => ((error as Error).name === fine ? undefined : said(error)),
    );
  }
}

/** Of deployments whose hooks are functions. */
export abstract class HookedCalls extends CodeDeployCalls {
  constructor(
    private readonly host: Pick<DeployHost, 'call' | 'caller' | 'invoke'>,
    group: Resource | undefined,
  ) {
    super(host, group);
  }

  /** Asynchronous: what becomes of the function, CodeDeploy only learns from its report. `lost` hears why it did not run. */
  invoke(functionName: string, payload: object, lost: (why: string) => void = () => undefined): Refused {
    return this.host.invoke(functionName, payload, this.caller).then(
      () => undefined,
      (error: unknown) => {
        if (failedCall(error).isDenied) return said(error);
        lost((error as Error).message);
        return undefined;
      },
    );
  }
}

/** With CodeDeploy's code, where it has one for that (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html). */
function said(error: unknown): string {
  const { isDenied, isThrottled, text } = failedCall(error);
  if (isDenied) return `IAM_ROLE_PERMISSIONS: ${text}`;
  return isThrottled ? `THROTTLED: ${text}` : text;
}
