import { Stack } from 'aws-cdk-lib';
import { OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import type { Servers } from './servers';

/**
 * Lets servers of an Auto Scaling group install the CodeDeploy agent as they start
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/codedeploy-agent-operations-install-linux.html).
 */
export function installAgentOn(scope: Construct, servers: Servers): void {
  const shape = servers._shape();
  if (shape.kind !== 'autoScaling') {
    return;
  }
  const { group } = shape;
  if (group.osType === OperatingSystemType.WINDOWS) {
    throw new GateError(
      'AgentForLinux',
      '`installAgent` installs the CodeDeploy agent on Linux, but the servers run Windows: put the agent into their image, and set it to false',
    );
  }
  const { region, urlSuffix } = Stack.of(scope);
  group.addUserData(
    'if command -v apt-get > /dev/null; then apt-get update && apt-get install -y curl ruby-full; else yum install -y ruby; fi',
    `curl --fail --silent --show-error --output /tmp/codedeploy-install https://aws-codedeploy-${region}.s3.${region}.${urlSuffix}/latest/install`,
    'chmod +x /tmp/codedeploy-install && /tmp/codedeploy-install auto',
  );
}
