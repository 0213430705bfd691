import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codebuild from 'aws-cdk-lib/aws-codebuild';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { IWatchedAlarm } from './alarm-ref';
import { bindAlarm } from './alarm-check';
import type { AlarmCheckOptions } from './alarm-options';
import type { ChangeSetRef } from './change-set-ref';
import { bindChangeSet } from './change-set-check';
import type { ChangeSetCheckOptions } from './change-set-options';
import { bindChangeCalendar } from './change-calendar-check';
import type { ChangeCalendarCheckOptions } from './change-calendar-options';
import { bindCanary } from './canary-check';
import type { CanaryAnalysisCheckOptions } from './canary-options';
import type { CheckBinding } from './check-binding';
import type { CheckPlace } from './fits-gate';
import { bindCodeCoverage } from './code-coverage-check';
import type { CodeCoverageCheckOptions } from './code-coverage-options';
import { bindEcsService } from './ecs-service-check';
import type { EcsServiceCheckOptions } from './ecs-service-options';
import { mustBeExact } from './exact-resources';
import { bindErrorRatio } from './error-ratio-check';
import type { ErrorRatioCheckOptions } from './error-ratio-options';
import { bindHttp } from './http-check';
import type { HttpCheckOptions } from './http-options';
import { bindImageScan } from './image-scan-check';
import type { ImageScanCheckOptions } from './image-scan-options';
import type { LicensePolicy } from './license-policy';
import { bindLicenses } from './licenses-check';
import type { LicensesCheckOptions } from './licenses-options';
import { bindLambda } from './lambda-check';
import type { LambdaCheckOptions } from './lambda-options';
import { bindLogQuery } from './log-query-check';
import type { LogQueryCheckOptions } from './log-query-options';
import { bindMetric } from './metric-check';
import type { MetricCheckOptions } from './metric-options';
import type { ScannedResources } from './scanned-resources';
import { bindSecurityFindings } from './security-findings-check';
import type { SecurityFindingsCheckOptions } from './security-findings-options';
import { bindSyntheticsCanary } from './synthetics-canary-check';
import type { SyntheticsCanaryCheckOptions } from './synthetics-canary-options';
import { bindTargetGroup } from './target-group-check';
import type { TargetGroupCheckOptions } from './target-group-options';
import { bindTestReport } from './test-report-check';
import type { TestReportCheckOptions } from './test-report-options';

/**
 * Something that a machine can measure to tell whether a version is healthy.
 *
 * A measurement that is missing, late, broken or not clearly healthy never opens a gate.
 */
export abstract class Check {
  /**
   * A CloudWatch alarm, metric or composite. Its history since the gate began counts, so a red minute between two measurements is seen.
   *
   * The measuring role gets `cloudwatch:DescribeAlarmHistory` on this alarm, and `cloudwatch:DescribeAlarms` on the alarms of its
   * account and Region. For composite alarms CloudWatch demands both on `*`.
   *
   * Alarms of other Regions work, and those of other accounts where a `CheckReader` is deployed.
   */
  public static alarm(alarm: IWatchedAlarm, options: AlarmCheckOptions = {}): Check {
    return new BoundCheck(bindAlarm(alarm, options));
  }

  /**
   * An HTTPS address that answers GET with a healthy status and, where asked, with a healthy body, in time.
   *
   * Redirects are followed on the same host only. Private, loopback and link-local addresses are refused when the check runs:
   * the check function stands outside of any network of yours. An `HttpProbe` asks private addresses.
   */
  public static http(url: string, options: HttpCheckOptions = {}): Check {
    return new BoundCheck(bindHttp(url, options));
  }

  /**
   * A function of yours. It is invoked synchronously with `{ kind: 'approval-gate-check', requestId, checkId, since, now, details }`
   * and answers `{ hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS', callBackDelay?, reason? }`, as an ECS deployment hook does.
   *
   * Any other answer is an error of the check, never a pass. The function has 60 seconds.
   * The measuring role gets `lambda:InvokeFunction` on this function, alias or version. Functions of other accounts work where a
   * `CheckReader` is deployed.
   */
  public static lambda(handler: lambda.IFunction, options: LambdaCheckOptions = {}): Check {
    return new BoundCheck(bindLambda(handler, options));
  }

  /**
   * A Change Calendar of Systems Manager: it is open.
   *
   * A closed calendar is no failure: the check is in progress until it opens, however long that is, and the gate waits with it, at most until
   * its `timeout`. It is read again at least once an hour, in case somebody edits it. A calendar that is closed and does not say until when is
   * waited for until an hour after the bake; then the check cannot tell. One that is missing or cannot be read is an error.
   *
   * The other checks of the gate are measured meanwhile, and have to be healthy when the calendar opens. To hold back what is decided
   * already, give the gate `freezes`.
   *
   * The measuring role gets `ssm:GetCalendarState` on this calendar. Calendars of other Regions work, and those of other accounts where a
   * `CheckReader` is deployed.
   *
   * @param calendar name of the calendar, such as `release-freeze`; may be a token
   */
  public static changeCalendar(calendar: string, options: ChangeCalendarCheckOptions = {}): Check {
    return new BoundCheck(bindChangeCalendar(calendar, options));
  }

  /**
   * A service of Amazon ECS: it is steady, with the version that the gate began with.
   *
   * Steady means one deployment, which is completed, and as many tasks running as desired, none pending. The check fails when a deployment
   * failed, when more tasks than `maxFailedTasks` failed to start, and when the service was deployed again while the gate watched, be it
   * by its circuit breaker. While a deployment or a task is in progress, so is the check. It cannot tell when the service is to run no tasks,
   * and where ECS does not say how the deployment stands, as behind a Classic Load Balancer. A service that is missing or deleted is an error.
   * Services that CodeDeploy deploys are judged by their task sets.
   *
   * A task that crashes and is replaced between two measurements leaves no trace here: watch errors by `Check.alarm`, too.
   *
   * The measuring role gets `ecs:DescribeServices` on this service.
   *
   * Services of other Regions work, imported by their ARN, and those of other accounts where a `CheckReader` is deployed. What another stage
   * of CDK Pipelines makes needs a literal `serviceName`, and its cluster a literal `clusterName`.
   */
  public static ecsService(service: ecs.IBaseService, options: EcsServiceCheckOptions = {}): Check {
    return new BoundCheck(bindEcsService(service, options));
  }

  /**
   * A canary, compared with the stable version that serves beside it: metric by metric, at the same moments, for the whole bake.
   *
   * The check fails as soon as the canary is worse in a way that is no chance and that matters (`minEffectPercent`), and never passes
   * before the end. It looks a few times: at `minPoints` data points, whenever the data have grown by half, and at the end. A healthy
   * canary is rejected with a probability of at most 2 %, over all looks and metrics. Missing data count for nothing: without data for
   * nine of ten moments on both sides, the check cannot tell. Write `FILL(errors, 0)` in metric math where no data means none.
   * docs/judge.md explains the judge. Its last data come up to two periods and two minutes after the bake, and the gate waits for them;
   * after that its answer stands.
   *
   * The gate needs a `bakeTime` that is known at synth and long enough for `minPoints`. Gates without a bake refuse it, and so do hooks of deployments.
   *
   * The measuring role gets `cloudwatch:GetMetricData`, which CloudWatch grants on `*` only: it may read every metric of the account.
   * Metrics of other Regions work, and those of other accounts where a `CheckReader` is deployed. All of them have to be in the same place;
   * expressions that give several series are refused at synth.
   */
  public static canaryAnalysis(options: CanaryAnalysisCheckOptions): Check {
    return new BoundCheck(bindCanary(options));
  }

  /**
   * A CloudWatch metric, or metric math, that has to keep within limits in every period since the gate began (after
   * `initialDelay`). Statistic and period are those of the metric; give `with({ period: Duration.minutes(1) })` to judge each minute.
   *
   * A period counts once it is over and its data had two minutes to arrive, so the last two minutes of a bake, and a period that has
   * not ended then, are not judged: bake a few minutes longer. Each measurement judges every period since the last one, and those
   * of the five minutes before again, because data may come late: a bad minute between two measurements is seen. A period without
   * data is waited for, for five minutes, and then means what `missingData` says. `failureLimit` counts measurements, not periods.
   *
   * The interval is the period by default, or a minute if that is longer, and may not be shorter than the period.
   *
   * The measuring role gets `cloudwatch:GetMetricData`, which CloudWatch grants on `*` only: it may read every metric of the account.
   * Metrics of other Regions work, and those of other accounts where a `CheckReader` is deployed. Expressions that give several series are
   * refused at synth.
   */
  public static metric(metric: cloudwatch.IMetric, options: MetricCheckOptions): Check {
    return new BoundCheck(bindMetric(metric, options));
  }

  /**
   * The share of requests that are errors, by counts: the errors of all finished periods since the gate began, divided by the requests of
   * the same periods.
   *
   * It passes only with `minRequests` or more, of which at most `maxPercent` are errors. It fails as soon as there are more errors than
   * chance explains, in all requests so far or in a single period: a burst is seen at once, and one unlucky request is not taken for one.
   * A service that is exactly at the limit fails a look about once in a thousand. What neither passes nor fails is in progress and waits for
   * more requests; an hour after the bake the check cannot tell.
   *
   * Periods, late and missing data, and permissions are those of `Check.metric`. Sums go back as far as CloudWatch keeps the data: 15 days
   * for periods of a minute.
   */
  public static errorRatio(options: ErrorRatioCheckOptions): Check {
    return new BoundCheck(bindErrorRatio(options));
  }

  /**
   * Log lines that a query of CloudWatch Logs Insights chooses, such as `filter level = "ERROR"`: not more than `maxMatches` of them.
   *
   * Each measurement reads what was written since the last one that passed or failed, and two minutes before that, in which lines may have come
   * late; never what is older than the gate. The query may have the commands `filter`, `fields` and `parse`, and at most 1,000 characters. What
   * the lines say is not kept: only their number is.
   *
   * Where nothing at all was written, the check cannot tell, unless `missingData` says that silence is good; neither can it if the query takes
   * more than 20 seconds. CloudWatch Logs charges for what a query reads, $0.005 per GB in us-east-1: choose an `interval` for a large log.
   *
   * The measuring role gets `logs:StartQuery` on this log group, and `logs:GetQueryResults` on `*`: AWS knows no narrower permission for it
   * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html), and results can be read only by the id
   * of their query.
   *
   * Log groups of other Regions work, imported by their ARN, and those of other accounts where a `CheckReader` is deployed. One that another
   * stage of CDK Pipelines makes needs a literal `logGroupName`.
   */
  public static logQuery(logGroup: logs.ILogGroup, query: string, options: LogQueryCheckOptions = {}): Check {
    return new BoundCheck(bindLogQuery(logGroup, query, options));
  }

  /**
   * A canary of CloudWatch Synthetics: every run that began since the gate did (after `initialDelay`) and is over has passed, and the newest of
   * them is fresh.
   *
   * It fails as soon as such a run fails. It is in progress until the first run is over, and after a failure that `failureLimit` forgives,
   * until the next one is; also while newer runs go on and the newest one that is over began longer ago than `maxRunAge`. It cannot tell when
   * the canary is stopped, and when no run began within `maxRunAge`. A canary that is missing is an error. Where Synthetics tries a failed run
   * again, each try is a run. `failureLimit` counts measurements, not runs: several runs that failed between two of them are one failure.
   *
   * The measuring role gets `synthetics:GetCanary` and `synthetics:GetCanaryRuns` on this canary. Canaries of other Regions work, and those of
   * other accounts where a `CheckReader` is deployed.
   *
   * @param canary name of the canary: `canary.canaryName`, or a literal; may be a token
   */
  public static syntheticsCanary(canary: string, options: SyntheticsCanaryCheckOptions = {}): Check {
    return new BoundCheck(bindSyntheticsCanary(canary, options));
  }

  /**
   * A target group of an Application, Network or Gateway Load Balancer: enough of its targets are healthy.
   *
   * Fails when fewer are healthy than `minHealthy` and `minHealthyPercent` want. Targets that are being deregistered do not count.
   * While newly registered targets could still make up for what is missing, the check is in progress. It cannot tell when no target is
   * registered, or when those that are missing get no health checks. A bake counts only while enough targets are healthy: let it start after
   * new targets are registered, by `initialDelay`.
   *
   * The measuring role gets `elasticloadbalancing:DescribeTargetHealth` on `*`: AWS knows no narrower permission for it
   * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html). It shows the health of all
   * target groups of the account, and nothing else.
   *
   * Target groups of other Regions work, imported by their ARN, and those of other accounts where a `CheckReader` is deployed. Those that
   * another stage of CDK Pipelines makes are refused at synth: nobody knows their ARN before deployment.
   */
  public static targetGroup(targetGroup: elbv2.ITargetGroup, options: TargetGroupCheckOptions = {}): Check {
    return new BoundCheck(bindTargetGroup(targetGroup, options));
  }

  /**
   * The scan of the image that belongs to this run, by Amazon ECR or Amazon Inspector. More findings of a severity than `limits` allows
   * fail the check, which names some of them; findings that are waived do not count, and are told with their owner, reason and last day.
   *
   * While the scan goes on, the check is in progress, for an hour at most. It cannot tell when the run does not say which image is its
   * own, when the repository does not have that image, when the image was not scanned or cannot be, or when the scan is older than
   * `maxAge`. Findings that Amazon Inspector has closed or suppresses do not count.
   *
   * The measuring role gets `ecr:DescribeImageScanFindings` on this repository, and what `ImageScanning.ENHANCED` needs. In a hook of a
   * rollout, which knows of no run, the check is refused at synth.
   */
  public static imageScan(repository: ecr.IRepository, options: ImageScanCheckOptions = {}): Check {
    return new BoundCheck(bindImageScan(repository, options));
  }

  /**
   * Findings in AWS Security Hub CSPM about some resources, as they stand now: active, neither resolved nor suppressed. More findings of a
   * severity than `limits` allows fail the check, which names some of them; findings that are waived do not count, and are told with
   * their owner, reason and last day.
   *
   * It judges resources, not a run: put it behind a deployment, with a bake time in which their products look at them again. It cannot tell
   * a resource without findings from one that no product looks at.
   *
   * The measuring role gets `securityhub:GetFindings` on one hub: that of the gate's account and Region, or of `account` and `region`. A
   * resource that stands elsewhere by its ARN is an error at synth, unless the hub is said to be `aggregated`: a hub that does not gather its
   * findings has none of it, and would always pass.
   */
  public static securityFindings(resources: ScannedResources, options: SecurityFindingsCheckOptions = {}): Check {
    return new BoundCheck(bindSecurityFindings(resources, options));
  }

  /**
   * The tests of this run: what its CodeBuild actions reported to a report group. A failed test fails the check, which names up to
   * three of them (with `failures: TestFailures.NEW` only a test that had not failed in the last run that passed the gate); so do fewer tests than `minTests`, and more skipped ones than `maxSkipped`.
   *
   * Only reports of builds that CodePipeline started for this run count, of each action those of its latest build; for a rollback
   * those of the run that it goes back to. Without such a report the check cannot tell: reports of other changes never stand in,
   * nor do builds that something else than the pipeline started, nor batch builds. CodeBuild keeps a report for 30 days
   * (https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html).
   *
   * A group that a buildspec names without an ARN is called `<project>-<name>`: import it by `ReportGroup.fromReportGroupName`.
   *
   * The measuring role gets `codebuild:ListReportsForReportGroup`, `codebuild:BatchGetReports` and `codebuild:DescribeTestCases` on
   * this report group. In a hook of a rollout, which knows of no run, the check is refused at synth.
   */
  public static testReport(reportGroup: codebuild.IReportGroup, options: TestReportCheckOptions = {}): Check {
    return new BoundCheck(bindTestReport(reportGroup, options));
  }

  /**
   * How much of this run's code its tests cover: what its CodeBuild actions reported to a report group of type CODE_COVERAGE. Fewer percent of
   * the lines than `minLinePercent`, or of the branches than `minBranchPercent`, fail the check; so does, with `maxDropPoints`, a coverage that
   * is lower by more than that than in the newest other run that passed the gate.
   *
   * Reports count as those of `Check.testReport` do: only those of builds that CodePipeline started for this run. Where several builds report,
   * the lowest coverage counts. Without a report, or with one that does not say what is asked for, the check cannot tell.
   *
   * The measuring role gets `codebuild:ListReportsForReportGroup` and `codebuild:BatchGetReports` on this report group. In a hook of a
   * rollout, which knows of no run, the check is refused at synth.
   *
   * @throws a `GateError` without a minimum, and for a report group of type TEST
   */
  public static codeCoverage(reportGroup: codebuild.IReportGroup, options: CodeCoverageCheckOptions): Check {
    return new BoundCheck(bindCodeCoverage(reportGroup, options));
  }

  /**
   * The licences of the packages that this run would release: what its software bill of materials says. A package with a licence that `policy` does
   * not let pass, or without any, fails the check, which names some of them; packages that are waived do not count, and are told with their
   * owner, reason and last day.
   *
   * The bill of materials is an object that a build of the run puts into the bucket, in JSON of CycloneDX or SPDX 2, of at most 10 MB and 20,000
   * packages. Its key holds the id of the run, `sbom/<id>.json`, so that the bill of another run never stands in: give the id to the build as
   * `#{codepipeline.PipelineExecutionId}`. For a rollback it is that of the run that it goes back to. The check is in error without the
   * object, and where a part of it cannot be read; it cannot tell if no package is listed.
   *
   * The measuring role gets `s3:GetObject` on the objects of this prefix and suffix, and `kms:Decrypt` on the key of the bucket where it has one
   * of its own. In a hook of a rollout, which knows of no run, the check is refused at synth.
   */
  public static licenses(bucket: s3.IBucket, policy: LicensePolicy, options: LicensesCheckOptions = {}): Check {
    return new BoundCheck(bindLicenses(bucket, policy, options));
  }

  /**
   * A change set of CloudFormation that is prepared before the gate and executed after it: nothing in it is risky.
   *
   * Fails when resources are replaced or removed, or permissions change: `risks` says which of these. Passes for a change set without
   * them, and for an empty one. It cannot tell about a nested stack, whose own changes CloudFormation lists elsewhere, about a change that only
   * the execution shows, and about a change set that cannot be executed. One that does not exist, or is not finished, is an error of the check.
   *
   * With `GateRule.automatedElsePeople({ onFail: OnFail.ASK_APPROVERS })` people are asked only about risky changes.
   *
   * The measuring role gets `cloudformation:DescribeChangeSet` on this stack.
   *
   * Throws where `risks`, `ignoredTypes`, `account` or `region` cannot be what they have to be.
   */
  public static changeSet(changeSet: ChangeSetRef, options: ChangeSetCheckOptions = {}): Check {
    return new BoundCheck(bindChangeSet(changeSet, options));
  }

  /**
   * Turns the check into its plan and the permissions it needs.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, place: CheckPlace): CheckBinding;
}

class BoundCheck extends Check {
  constructor(private readonly binder: (scope: Construct, place: CheckPlace) => CheckBinding) {
    super();
  }

  public _bind(scope: Construct, place: CheckPlace): CheckBinding {
    const binding = this.binder(scope, place);
    mustBeExact(binding, scope);
    return binding;
  }
}
