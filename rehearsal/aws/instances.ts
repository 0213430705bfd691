/** The calls that look for servers. Only the engine that makes them knows which servers there are; IAM judges none of these calls by a resource. */
import type { Service } from '../service';

export function instances(): readonly Service[] {
  return [
    {
      name: 'ec2',
      protocol: 'query',
      operations: {
        DescribeInstances: () => ({ Reservations: [] }),
        DescribeInstanceStatus: () => ({ InstanceStatuses: [] }),
      },
    },
    {
      name: 'resource_groups_tagging_api',
      // Its IAM prefix.
      signingName: 'tag',
      operations: { GetResources: () => ({ ResourceTagMappingList: [] }) },
      authorize: { GetResources: () => ({ action: 'tag:GetResources', resources: ['*'] }) },
    },
  ];
}
