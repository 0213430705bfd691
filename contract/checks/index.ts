/** What a gate's policy says of its checks: one file for each kind. */
import type { AlarmCheckPlan } from './alarm';
import type { CanaryCheckPlan } from './canary';
import type { ChangeCalendarCheckPlan } from './change-calendar';
import type { ChangeSetCheckPlan } from './change-set';
import type { CodeCoverageCheckPlan } from './code-coverage';
import type { EcsServiceCheckPlan } from './ecs-service';
import type { ErrorRatioCheckPlan } from './error-ratio';
import type { HttpCheckPlan } from './http';
import type { ImageScanCheckPlan } from './image-scan';
import type { LicensesCheckPlan } from './licenses';
import type { LambdaCheckPlan } from './lambda';
import type { LogQueryCheckPlan } from './log-query';
import type { MetricCheckPlan } from './metric';
import type { SecurityFindingsCheckPlan } from './security-findings';
import type { SyntheticsCanaryCheckPlan } from './synthetics-canary';
import type { TargetGroupCheckPlan } from './target-group';
import type { TestReportCheckPlan } from './test-report';

export type { AlarmCheckPlan } from './alarm';
export type { ChangeCalendarCheckPlan } from './change-calendar';
export { CANARY_POINTS } from './canary';
export type { CanaryCheckPlan, CanaryCriticality, WorseWhen, ComparedMetricPlan } from './canary';
export type { ChangeRisk, ChangeSetCheckPlan } from './change-set';
export type { CodeCoverageCheckPlan } from './code-coverage';
export type { EcsServiceCheckPlan } from './ecs-service';
export type { ErrorRatioCheckPlan } from './error-ratio';
export { MOST_SECRET_HEADERS } from './http';
export type { HttpCheckPlan, HttpProbeEvent, HttpProbeReply, SecretHeader } from './http';
export type { FindingLimits, FindingsRule, WaiverPlan } from './findings';
export type { ImageOfRun, ImageScanCheckPlan } from './image-scan';
export type { LicensePolicyPlan, LicensesCheckPlan } from './licenses';
export type { LambdaCheckPlan } from './lambda';
export type { LogQueryCheckPlan } from './log-query';
export type { MetricCheckPlan, MetricLimits } from './metric';
export type { MetricQuery, MetricSource } from './metric-source';
export type { FindingResources, SecurityFindingsCheckPlan } from './security-findings';
export type { SyntheticsCanaryCheckPlan } from './synthetics-canary';
export type { TargetGroupCheckPlan } from './target-group';
export type { TestReportCheckPlan } from './test-report';
export type { CheckTiming } from './timing';

export type CheckPlan =
  | AlarmCheckPlan
  | CanaryCheckPlan
  | ChangeCalendarCheckPlan
  | ChangeSetCheckPlan
  | CodeCoverageCheckPlan
  | EcsServiceCheckPlan
  | ErrorRatioCheckPlan
  | HttpCheckPlan
  | ImageScanCheckPlan
  | LicensesCheckPlan
  | LambdaCheckPlan
  | LogQueryCheckPlan
  | MetricCheckPlan
  | SecurityFindingsCheckPlan
  | SyntheticsCanaryCheckPlan
  | TargetGroupCheckPlan
  | TestReportCheckPlan;
export type CheckKind = CheckPlan['kind'];

const KINDS: Readonly<Record<CheckKind, true>> = {
  alarm: true,
  changeCalendar: true,
  canary: true,
  changeSet: true,
  codeCoverage: true,
  ecsService: true,
  errorRatio: true,
  http: true,
  imageScan: true,
  licenses: true,
  lambda: true,
  logQuery: true,
  metric: true,
  securityFindings: true,
  syntheticsCanary: true,
  targetGroup: true,
  testReport: true,
};

/** Whether this version can measure such a check. A document of a newer version may name other kinds: those decide nothing. */
export function isKnownKind({ kind }: { readonly kind: string }): boolean {
  return Object.hasOwn(KINDS, kind);
}
