/** Measures one check. Whatever happens, the answer is a measurement, and only a clearly healthy one is a PASS. */
import type { CheckKind, CheckPlan } from '../../../contract/checks';
import { isKnownKind } from '../../../contract/checks';
import type { CheckCommand, Measurement } from '../../../contract/messages';
import { cleanText } from '../../domain/clean-text';
import { REASON_LIMIT } from '../../domain/limits';
import { isAccessDenied } from '../failure';
import { accountOf } from './arn';
import type { MeasureClients } from './clients';
import { ReaderRefused, shownReader } from './reader';

/** What a kind of check finds out; `measure` adds which check it was, and when. */
export type Finding = Omit<Measurement, 'checkId' | 'at'>;

/** One measurement of one kind of check. It may throw: that is an ERROR. */
export type Measure<Plan extends CheckPlan = CheckPlan> = (
  plan: Plan,
  command: CheckCommand,
  clients: MeasureClients,
) => Promise<Finding>;

type PlanOf<Kind extends CheckKind> = Extract<CheckPlan, { readonly kind: Kind }>;

/** How each kind is measured; its code is loaded when a check of that kind is measured first. */
const MEASURES: { readonly [Kind in CheckKind]: () => Promise<Measure<PlanOf<Kind>>> } = {
  alarm: async () => (await import('./alarm')).measureAlarm,
  canary: async () => (await import('./canary')).measureCanary,
  changeSet: async () => (await import('./change-set')).measureChangeSet,
  changeCalendar: async () => (await import('./change-calendar')).measureChangeCalendar,
  codeCoverage: async () => (await import('./code-coverage')).measureCodeCoverage,
  ecsService: async () => (await import('./ecs-service')).measureEcsService,
  errorRatio: async () => (await import('./error-ratio')).measureErrorRatio,
  http: async () => (await import('./http')).measureHttp,
  imageScan: async () => (await import('./image-scan')).measureImageScan,
  licenses: async () => (await import('./licenses')).measureLicenses,
  lambda: async () => (await import('./lambda')).measureLambda,
  logQuery: async () => (await import('./log-query')).measureLogQuery,
  metric: async () => (await import('./metric')).measureMetric,
  securityFindings: async () => (await import('./security-findings')).measureSecurityFindings,
  syntheticsCanary: async () => (await import('./synthetics-canary')).measureSyntheticsCanary,
  targetGroup: async () => (await import('./target-group')).measureTargetGroup,
  testReport: async () => (await import('./test-report')).measureTestReport,
};

export async function measure(command: CheckCommand, clients: MeasureClients): Promise<Measurement> {
  const { check, now } = command;
  const finding = await findingOf(command, clients).catch((error: unknown) => failureOf(error, check));
  const account = elsewhere(command);
  return {
    ...finding,
    checkId: check.id,
    at: now,
    reason: cleanText(finding.reason, REASON_LIMIT),
    ...(account === undefined ? {} : { account }),
  };
}

/** The account in which it was measured, where that is not the one of the role that measures. A hook has no role. */
function elsewhere({ check, role }: CheckCommand): string | undefined {
  const account = accountOf(check.reader ?? (check.kind === 'lambda' ? check.functionArn : undefined));
  const own = accountOf(role);
  return own === undefined || account === own ? undefined : account;
}

async function findingOf(command: CheckCommand, clients: MeasureClients): Promise<Finding> {
  const { check } = command;
  if (!isKnownKind(check)) {
    return { verdict: 'ERROR', reason: 'This version of the check function does not know this kind of check.' };
  }
  const measureKind = (await MEASURES[check.kind]()) as Measure;
  return measureKind(check, command, clients);
}

/** Names the failure and never repeats a service's message, which may hold ARNs, addresses or parts of the request. */
function failureOf(error: unknown, { reader }: CheckPlan): Finding {
  if (error instanceof ReaderRefused) {
    return { verdict: 'ERROR', reason: error.message };
  }
  if (reader !== undefined && isAccessDenied(error)) {
    return {
      verdict: 'ERROR',
      reason: `${shownReader(reader)} may not read this: give this check to the CheckReader there, and deploy it.`,
    };
  }
  const name = error instanceof Error ? error.name : 'unknown failure';
  return { verdict: 'ERROR', reason: `The check could not be carried out: ${name}.` };
}
