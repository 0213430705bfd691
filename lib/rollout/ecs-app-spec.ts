/** What an AppSpec of ECS says. */
export interface AppSpec {
  readonly containerName: string;
  readonly containerPort: number;
  /** Name of a function by the event in which CodeDeploy calls it. */
  readonly hooks: Readonly<Partial<Record<AppSpecEvent, string>>>;
}

export type AppSpecEvent = 'BeforeAllowTraffic' | 'AfterAllowTraffic';

/**
 * The text of an AppSpec. What it leaves out (network, platform version, capacity providers), CodeDeploy takes from the service
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html). CodePipeline writes the ARN of the
 * task definition that it has registered in the place of `<TASK_DEFINITION>`.
 */
export function appSpecText({ containerName, containerPort, hooks }: AppSpec): string {
  const events = Object.entries(hooks).map(([event, functionName]) => `  - ${event}: "${functionName}"`);
  return [
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: <TASK_DEFINITION>',
    '        LoadBalancerInfo:',
    `          ContainerName: "${containerName}"`,
    `          ContainerPort: ${containerPort}`,
    ...(events.length === 0 ? [] : ['Hooks:', ...events]),
    '',
  ].join('\n');
}
