import type { Counts } from './counts';

/**
 * US dollars, us-east-1, on demand, past every free tier; taken from https://aws.amazon.com/<service>/pricing/ on
 * 2026-11-24. What is free is not here: STS, CodePipeline's API, standard parameters, events of AWS services, and the
 * reads of a stream by Lambda. Neither is what costs without being used: alarms, metrics, logs, stored data, and the
 * polls of a queue.
 */
export const PRICES = {
  /** Step Functions, standard: $25 a million state transitions. */
  transition: 25e-6,
  /** Lambda on ARM. */
  invocation: 0.2e-6,
  gigabyteSecond: 0.0000133334,
  /** DynamoDB on demand. */
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
  /** CloudWatch: any API request; but of GetMetricData, each metric that it reads. */
  cloudWatchRequest: 10e-6,
  metricRead: 10e-6,
  /** EventBridge: an event of one's own. */
  event: 1e-6,
  /** SNS: a publish, and $2 per 100,000 mails. */
  publish: 0.5e-6,
  mail: 20e-6,
  /** SQS, a standard queue. */
  queueRequest: 0.4e-6,
} as const;

export interface CostLine {
  readonly what: string;
  readonly count: number;
  readonly dollars: number;
}

/** What the counts would have cost, line by line. */
export function costOf(counts: Counts): readonly CostLine[] {
  const calls = (pattern: RegExp): number =>
    Object.entries(counts.calls).reduce((sum, [operation, count]) => sum + (pattern.test(operation) ? count : 0), 0);
  const invocations = Object.values(counts.invocations);
  const line = (what: string, count: number, price: number): CostLine => ({ what, count, dollars: count * price });
  return [
    line('state transitions', counts.transitions, PRICES.transition),
    line('Lambda invocations', sum(invocations.map(({ count }) => count)), PRICES.invocation),
    line('Lambda GB-seconds', sum(invocations.map((one) => one.gigabyteSeconds)), PRICES.gigabyteSecond),
    line('DynamoDB read units', counts.readUnits, PRICES.readUnit),
    line('DynamoDB write units', counts.writeUnits, PRICES.writeUnit),
    line('CloudWatch requests', calls(/^cloudwatch:(?!GetMetricData$)/), PRICES.cloudWatchRequest),
    line('CloudWatch metrics read', counts.metricsRead, PRICES.metricRead),
    line('EventBridge events', calls(/^eventbridge:PutEvents$/), PRICES.event),
    line('SNS publishes', calls(/^sns:Publish$/), PRICES.publish),
    line('mails', counts.mails, PRICES.mail),
    line('SQS requests', calls(/^sqs:/), PRICES.queueRequest),
  ];
}

export function totalOf(lines: readonly CostLine[]): number {
  return sum(lines.map(({ dollars }) => dollars));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
