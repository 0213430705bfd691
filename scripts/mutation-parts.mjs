/** The folders of lambda/ that have mutation tests. A folder within another one that is listed is a part of its own. */
export const PARTS = [
  'signing',
  'domain',
  'domain/judge',
  'review',
  'decide',
  'fields',
  'aws/measure',
  'check',
  'probe',
  'hook',
  'ecs-hook',
  'health-action',
  'stage-rollout',
  'live-deployment',
];
