import { AwsError, type Service } from '../service';
import { accountOf } from './callers';
import type { Surroundings } from './surroundings';

/** How many targets of a group are in which state. */
export interface Targets {
  readonly healthy?: number;
  readonly unhealthy?: number;
  readonly initial?: number;
  readonly draining?: number;
  readonly unavailable?: number;
}

const REASONS: Readonly<Record<keyof Targets, object>> = {
  healthy: {},
  unhealthy: { Reason: 'Target.ResponseCodeMismatch', Description: 'Health checks failed with these codes: [503]' },
  initial: { Reason: 'Elb.RegistrationInProgress', Description: 'Target registration is in progress' },
  draining: { Reason: 'Target.DeregistrationInProgress', Description: 'Target deregistration is in progress' },
  unavailable: { Reason: 'Target.HealthCheckDisabled', Description: 'Health checks are disabled' },
};

/** Target groups of load balancers, whose targets a scenario sets. Two are healthy where a scenario says nothing. */
export class TargetGroups {
  private readonly groups = new Map<string, Targets>();

  constructor(private readonly around: Surroundings) {}

  targetsOf(name: string): Targets {
    return this.groups.get(name) ?? { healthy: 2 };
  }

  set(name: string, targets: Targets): void {
    this.groups.set(name, targets);
    const counts = Object.entries(targets).map(([state, count]) => `${count} ${state}`);
    this.around.tell('load balancer', `targets of ${name}: ${counts.join(', ') || 'none'}`);
  }

  service(): Service {
    return {
      name: 'elasticloadbalancing',
      protocol: 'query',
      // Descriptions need no `authorize`: no permission of them is judged by a resource.
      authorize: {
        ModifyListener: ({ ListenerArn }) => ({
          action: 'elasticloadbalancing:ModifyListener',
          resources: [String(ListenerArn)],
        }),
        ModifyRule: ({ RuleArn }) => ({ action: 'elasticloadbalancing:ModifyRule', resources: [String(RuleArn)] }),
        RegisterTargets: ({ TargetGroupArn }) => ({
          action: 'elasticloadbalancing:RegisterTargets',
          resources: [String(TargetGroupArn)],
        }),
        DeregisterTargets: ({ TargetGroupArn }) => ({
          action: 'elasticloadbalancing:DeregisterTargets',
          resources: [String(TargetGroupArn)],
        }),
      },
      operations: {
        // What forwards to which targets, the engine that calls these knows.
        DescribeListeners: () => ({ Listeners: [] }),
        DescribeRules: () => ({ Rules: [] }),
        DescribeTargetGroups: () => ({ TargetGroups: [] }),
        ModifyListener: ({ ListenerArn }) => ({ Listeners: [{ ListenerArn }] }),
        ModifyRule: ({ RuleArn }) => ({ Rules: [{ RuleArn }] }),
        RegisterTargets: () => ({}),
        DeregisterTargets: () => ({}),
        DescribeTargetHealth: ({ TargetGroupArn }, caller) => {
          if (String(TargetGroupArn).split(':')[4] !== accountOf(caller)) {
            throw new AwsError('TargetGroupNotFound', `Target groups '${TargetGroupArn}' not found`);
          }
          return { TargetHealthDescriptions: descriptionsOf(this.targetsOf(nameOf(TargetGroupArn))) };
        },
      },
    };
  }
}

/** `arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>` */
function nameOf(arn: string): string {
  return arn.split('/')[1] ?? arn;
}

function descriptionsOf(targets: Targets): readonly object[] {
  return (Object.keys(REASONS) as (keyof Targets)[]).flatMap((state) =>
    Array.from({ length: targets[state] ?? 0 }, (_, index) => ({
      Target: { Id: `${state}-${index + 1}`, Port: 80 },
      HealthCheckPort: '80',
      TargetHealth: { State: state, ...REASONS[state] },
    })),
  );
}
