/** Conditions of a stage: all of its rules are asked at once, and one that fails fails the condition. */
import type { Assumptions } from './assumptions';
import { roleOf, takeOn } from './action-role';
import { Course } from './course';
import type { ConditionKind, ConditionRun, Execution, RuleRun } from './execution';
import type { Host } from './host';
import type { PipelineModel, RuleModel, StageModel } from './model';
import type { AskRule, Finding } from './rules';
import { configured } from './variables';

/** In words, when a condition is asked. */
export const WHEN: Readonly<Record<ConditionKind, string>> = {
  beforeEntry: 'before entry',
  onSuccess: 'on success',
  onFailure: 'on failure',
};

/** The pipeline that the stages belong to. */
interface Pipeline {
  readonly host: Host;
  readonly ask: AskRule;
  readonly model: () => PipelineModel;
  readonly assumed: () => Assumptions;
  readonly changed: () => void;
  readonly note: (text: string, level?: 'info' | 'warning' | 'error') => void;
}

export class Conditions {
  constructor(private readonly pipeline: Pipeline) {}

  /** Tells whether the condition is met, at once if there is none; never, if the run is stopped meanwhile. */
  check(execution: Execution, stage: StageModel, kind: ConditionKind, done: (met: boolean) => void): void {
    const rules = stage.conditions[kind]?.rules ?? [];
    const isAsked = execution.rollbackTarget === undefined || this.pipeline.assumed().rollbackConditions === 'asked';
    if (rules.length === 0 || !isAsked) {
      done(true);
      return;
    }
    const run: ConditionRun = {
      stage: stage.name,
      kind,
      status: 'InProgress',
      rules: rules.map(({ name, provider }) => ({ name, provider, status: 'InProgress' })),
    };
    execution.conditions.push(run);
    this.pipeline.changed();
    rules.forEach((rule, index) => {
      const ruleRun = run.rules[index];
      if (ruleRun === undefined) return;
      Course.run(this.pipeline.host.clock, `${stage.name} asks ${rule.name} ${WHEN[kind]}`, async (course) => {
        const finding = await this.find(execution, { rule, run, ruleRun }, course);
        if (run.status !== 'InProgress') return;
        this.take(run, ruleRun, finding);
        // TypeScript cannot see that.
        if ((run.status as ConditionRun['status']) !== 'InProgress') done(finding.passed);
      });
    });
  }

  private take(run: ConditionRun, rule: RuleRun, { passed, summary }: Finding): void {
    rule.status = passed ? 'Succeeded' : 'Failed';
    rule.summary = summary;
    this.pipeline.note(
      `${run.stage} ${WHEN[run.kind]}: ${rule.name} ${passed ? 'passed' : 'did not pass'}: ${summary}`,
      passed ? 'info' : 'warning',
    );
    if (!passed) {
      run.status = 'Failed';
      run.rules.filter(({ status }) => status === 'InProgress').forEach((other) => (other.status = 'Abandoned'));
    } else if (run.rules.every(({ status }) => status === 'Succeeded')) run.status = 'Succeeded';
    this.pipeline.changed();
  }

  private async find(
    execution: Execution,
    { rule, run, ruleRun }: { readonly rule: RuleModel; readonly run: ConditionRun; readonly ruleRun: RuleRun },
    course: Course,
  ): Promise<Finding> {
    const [configuration, problem] = configured(rule, execution.variables);
    if (problem !== undefined) return { passed: false, summary: problem.summary ?? '' };
    const { host, model, ask, changed } = this.pipeline;
    const waits = (summary: string): void => {
      if (ruleRun.summary === summary) return;
      ruleRun.summary = summary;
      this.pipeline.note(`${run.stage} ${WHEN[run.kind]}: ${rule.name} waits: ${summary}`);
      changed();
    };
    const roleArn = roleOf(host, rule.roleArn, model().roleArn);
    try {
      await takeOn(host, model().roleArn, rule.roleArn);
      return await ask(
        { rule, kind: run.kind, configuration, roleArn, waits, isOver: () => run.status !== 'InProgress' },
        course,
      );
    } catch (error) {
      return { passed: false, summary: (error as Error).message };
    }
  }
}
