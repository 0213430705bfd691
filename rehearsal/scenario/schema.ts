/**
 * What a scenario file may hold. Names of stages, actions, functions and alarms are those of the synthesized app.
 *
 * ```yaml
 * title: Two of three approve
 * app: bin/app.ts           # a folder with a cdk.json or a cloud assembly, a .ts file, or a command; --app when absent
 * context: { quorum: '2' }  # context of the synth
 * pipeline: shop-release    # the first one of the app when absent
 * steps:
 *   - push: { message: Sell tea, author: dora-gh }
 *   - wait: { until: { gate: { Prod/Approve: asks } }, within: 2h }
 *   - approve: { gate: Prod/Approve, as: ana@example.com }
 *   - expect: { gate: { Prod/Approve: approved } }
 * ```
 */
import type { z } from 'zod';
import { expectation } from './expectation';
import {
  actionPath,
  aliasPath,
  choice,
  duration,
  flag,
  httpStatus,
  listOf,
  mapOf,
  number,
  object,
  oneOf,
  percent,
  someOf,
  text,
  webAddress,
  whole,
} from './shape';

/** Which link of the mail is used, and what is done to it. */
const link = {
  gate: actionPath,
  as: text,
};

const linkOptions = {
  link: oneOf('latest', 'first', 'previous').describe(
    '`first` = the link of the first mail; `previous` = of the request before.',
  ),
  forge: oneOf('truncated', 'tampered', 'foreign', 'unknown-request'),
};

const answer = object(link, {
  ...linkOptions,
  comment: text,
  start: text.describe(
    'Date and time typed for a later start, `2026-11-27 22:00`, on the clock of the workflow’s time zone or in UTC.',
  ),
  fields: mapOf(text, text).describe(
    'What is filled in, by the names of the fields; others stay as the page has them.',
  ),
  number: oneOf('right', 'wrong', 'none'),
  page: oneOf('fresh', 'kept').describe(
    'Uses the number and evidence of the page as it was when it was opened by `open` with `keep`.',
  ),
  expect: oneOf('recorded', 'not-recorded', 'ended', 'dead').describe(
    '`ended` = the gate takes no more answers, and the page says how it ended.',
  ),
  times: whole,
});

const changes = listOf(
  object({ does: oneOf('Add', 'Modify', 'Replace', 'MayReplace', 'Remove'), type: text, id: text }, {}).describe(
    'A change of a resource: its type and its logical id.',
  ),
);

export const step = choice({
  push: object(
    { message: text },
    {
      author: text,
      mail: text,
      commit: text,
      breaks: mapOf(text, oneOf('errors', 'unhealthy', 'undecided')),
      changeSets: mapOf(text, changes).describe(
        'What the change sets of its run would do, by stack; those of other stacks are found by comparing templates.',
      ),
      pipeline: text,
    },
  ).describe(
    'A change arrives. `breaks` makes the built functions misbehave, the new tasks of an ECS service, a REST API by its name, or the version on servers, all of a group or one (shop-fleet/3): errors = it serves errors, and an alarm shows them; unhealthy = its check says no; undecided = its check never ends.',
  ),
  wait: object({}, { for: duration, until: expectation, within: duration }).describe(
    'Lets time go by, or goes on until something is so.',
  ),
  expect: expectation,
  approve: answer.describe('Somebody opens the link of the mail, types the number and presses Approve.'),
  reject: answer.describe('The same, and presses Reject.'),
  review: answer.describe(
    'Somebody opens a link of an emergency that is over, and closes its follow-up with a comment.',
  ),
  breakGlass: answer.describe(
    'The same, and opens the gate alone, in an emergency: by the form that the page keeps apart.',
  ),
  open: object(link, {
    ...linkOptions,
    method: oneOf('GET', 'HEAD', 'OPTIONS'),
    times: whole,
    expect: oneOf('page', 'ended', 'dead', 'any').describe(
      '`ended` = the page says how the gate ended, and nothing else.',
    ),
    shows: someOf(text),
    hides: someOf(text).describe('Texts that the page does not hold.'),
    keep: flag,
  }).describe('Opens a link without answering.'),
  dashboard: object(
    { as: text },
    {
      query: text.describe('What is searched and filtered, as it stands in the address: `state=APPROVED&q=tea`.'),
      shows: someOf(text).describe('Texts that the page holds, as somebody reads them.'),
      hides: someOf(text).describe('Texts that it does not hold.'),
      emailLink: actionPath.describe('A gate that waits: the page is asked to email one’s own link to it again.'),
      away: object({ delegate: text, until: text }, { from: text, expect: oneOf('recorded', 'refused') }).describe(
        'Goes away: who answers meanwhile, by the name on the page, and the last day, as `2030-01-06`.',
      ),
      back: flag.describe('Ends the absence.'),
      expect: oneOf('page', 'not-signed-in'),
    },
  ).describe('Somebody looks at the dashboard; an emailed link signs them in, the first time and whenever it has to.'),
  console: object(
    { gate: actionPath, verdict: oneOf('approve', 'reject'), as: text },
    { summary: text, expect: oneOf('accepted', 'refused') },
  ).describe('Answers in the AWS console, as an ARN.'),
  alarm: object(
    { name: text, state: oneOf('OK', 'ALARM', 'INSUFFICIENT_DATA') },
    { after: duration, for: duration, reason: text },
  ).describe(
    'An alarm changes its state, now or later, and back after `for`. Where several accounts or Regions have an alarm of that name: `<account>/<name>`, `<region>/<name>` or `<account>/<region>/<name>`. The last one also tells apart an alarm whose own name begins like a Region.',
  ),
  calendar: object(
    { name: text, state: oneOf('OPEN', 'CLOSED') },
    {
      after: duration,
      for: duration,
      account: text.describe('The account that has it; the rehearsal’s own when absent.'),
    },
  ).describe(
    'A Change Calendar of Systems Manager opens or closes, now or `after` a time, and back after `for`. What is planned is known to whoever reads the calendar. One that no step and no template made does not exist.',
  ),
  logs: object({ group: text }, { matches: whole, silent: flag, after: duration, for: duration }).describe(
    'So many lines are written to a log group that every query finds, once, now or `after` a time; or with `silent` nothing at all, until `for` is over. A group that no step told gets lines that no query finds.',
  ),
  service: object(
    { name: text, state: oneOf('steady', 'deploying', 'failed', 'redeployed', 'missing') },
    { desired: whole, running: whole, failedTasks: whole, after: duration, for: duration },
  ).describe(
    'How a service of Amazon ECS stands, now or `after` a time, and as before after `for`: `redeployed` = steady, with a deployment made at that moment. A service that no step told is steady, with two tasks.',
  ),
  servers: object({ of: text, count: whole }, {}).describe(
    'So many servers there are from now on, in an Auto Scaling group or with a tag (Service=shop). Else as many as the template says, and three with a tag. A new one of an Auto Scaling group is out until it has the version that was deployed last.',
  ),
  synthetics: object(
    { name: text, state: oneOf('passes', 'fails', 'hangs', 'stopped', 'silent', 'missing') },
    { every: duration.describe('The time between two runs; 5m when absent.'), after: duration, for: duration },
  ).describe(
    'How the runs of a CloudWatch Synthetics canary go, now or `after` a time, and as before after `for`: `hangs` = its runs do not end; `silent` = it makes none. A canary that no step told passes.',
  ),
  metric: object(
    { name: text },
    {
      namespace: text.describe('`AWS/Lambda` when absent.'),
      dimensions: mapOf(text, text),
      value: number.describe('What is published each minute.'),
      silent: flag.describe('In place of `value`: nothing is published.'),
      spread: number.describe('The values differ from `value` by up to so much, in the same way at every run.'),
      after: duration,
      for: duration,
      lag: duration.describe('How long after its end a minute shows up; 1m when absent.'),
      account: text.describe('The account that has it; the rehearsal’s own when absent.'),
      region: text.describe('The Region that has it; the rehearsal’s own when absent.'),
    },
  ).describe(
    'A CloudWatch metric has a value from now on, or `after` a time, for good or `for` a time. It has no data before the first such step, and alarms do not follow it, but for those on an alias while CodeDeploy shifts it.',
  ),
  requests: object({ alias: aliasPath, perMinute: whole, baseline: percent, canary: percent }, {}).describe(
    'So many requests reach an alias from now on. Of those to the version that the alias has now, `baseline` fail; of those to any other version, `canary`, from the minute on in which it gets traffic. CloudWatch counts them as Lambda does: Invocations and Errors, by function, alias and executed version. While an alias is being shifted, the alarms that CodeDeploy watches follow these metrics.',
  ),
  apiRequests: object(
    { stage: text, perMinute: whole, canary: percent },
    {
      canaryRefuses: percent.describe(
        'So many of those to its canary end in an error of the client; none when absent.',
      ),
    },
  ).describe(
    'So many requests reach a stage of a REST API (shop/prod) from now on. Of those to its canary, `canary` end in an error of the server. They are counted by the metric filters on the access log of the canary.',
  ),
  calls: object({ to: text, times: whole, failed: whole }, { path: text.describe('`/` when absent.') }).describe(
    'Somebody calls an address of the app so many times, one after another: of a function’s alias (shop:live), of an HTTP API by its name (shop), or of a stage of a REST API (shop/prod). So many answers are errors of the server. An alias that shares its traffic does so evenly: of ten calls, 10 % are one.',
  ),
  targets: object(
    { group: text },
    {
      healthy: whole,
      unhealthy: whole,
      initial: whole,
      draining: whole,
      unavailable: whole,
      after: duration,
      for: duration,
    },
  ).describe(
    'So many targets of a load balancer’s target group are in these states, now or `after` a time, and as before after `for`. A group that no step told has two healthy ones.',
  ),
  testReport: object(
    { of: actionPath, group: text },
    {
      passed: whole,
      failed: someOf(text),
      skipped: whole,
      status: oneOf('GENERATING', 'INCOMPLETE'),
      missing: flag,
    },
  ).describe(
    'What builds of an action of CodeBuild report to a report group from now on: how many tests pass and are skipped, and the names of those that fail. `missing` = they report nothing, as before this step.',
  ),
  coverageReport: object({ of: actionPath, group: text, lines: percent }, { branches: percent }).describe(
    'What builds of an action of CodeBuild report to a report group from now on: how many percent of the lines, and of the branches, their tests cover. Without `branches` the format of the report knows none.',
  ),
  sbom: object(
    { of: actionPath, bucket: text, packages: listOf(object({ name: text }, { version: text, license: text })) },
    { missing: flag },
  ).describe(
    'What builds of an action of CodeBuild put into a bucket from now on, as `sbom/<id of the run>.json`: a software bill of materials with these packages. `license` is an expression of SPDX. `missing` = they put none, as before this step.',
  ),
  imageScan: object(
    { repository: text, image: text },
    { status: text, findings: listOf(object({ id: text, severity: text }, {})), enhanced: flag },
  ).describe(
    'An image with this tag is pushed to a repository of ECR and scanned, or scanned again: what is found, by Amazon Inspector where `enhanced`. `status` is ECR’s own word, such as IN_PROGRESS. An image that no step scanned is not in its repository.',
  ),
  findings: object(
    {
      found: listOf(
        object(
          { id: text, severity: text, resource: text },
          { tags: mapOf(text, text), product: text, workflow: text, record: text },
        ),
      ),
    },
    {},
  ).describe(
    'All findings that Security Hub has from now on. Those of Inspector, NEW and ACTIVE where nothing else is said; `resource` is an ARN.',
  ),
  fail: object({ operation: text }, { for: duration, times: whole, code: text, after: flag, of: text }).describe(
    'Calls of AWS fail: `codepipeline:*`, `sns:Publish`; `of` = only those of a function whose name holds this.',
  ),
  action: object(
    { name: actionPath, result: oneOf('Succeeded', 'Failed') },
    {
      summary: text,
      times: whole,
      variables: mapOf(text, text).describe('What it gives out: the variables of a build.'),
    },
  ).describe('An action ends otherwise than it would.'),
  notify: object({ gate: actionPath }, { times: whole }).describe('The notification of a gate is delivered once more.'),
  lose: object({ gate: actionPath }, { times: whole }).describe('The next notification of a gate never arrives.'),
  web: object({ address: webAddress, status: httpStatus }, { body: text, headers: mapOf(text, text) }).describe(
    'How web addresses that begin so answer from now on; those that nobody told answer 200. `headers` = only to requests with these headers; to any other 401.',
  ),
  mailbox: object({ address: text, state: oneOf('confirmed', 'pending', 'missing') }, {}).describe(
    'How the mail subscription of an address stands.',
  ),
  function: object({ name: text, down: duration }, { how: oneOf('throttled', 'crashes') }).describe(
    'Functions that cannot run for a while, whoever calls them: Lambda refuses (`throttled`), or they crash.',
  ),
  parameter: object(
    { name: text },
    { missing: duration, value: text, with: mapOf(text, text), for: duration },
  ).describe(
    'Parameters of Parameter Store, by their name or a part of it: not to be found for a time, or with another value, for good or `for` a time. `with` changes members of a JSON value.',
  ),
  stop: object({}, { abandon: flag, reason: text }).describe(
    'The run of the latest push is stopped, its actions abandoned unless `abandon` is false.',
  ),
  retry: object({ stage: text }, { all: flag }).describe(
    'A stage that failed is tried again: the actions that failed, or `all`.',
  ),
  rollback: object({ stage: text }, { as: text }).describe(
    'Somebody brings a stage back to the run before; from now on, this is the run that expectations are about.',
  ),
  stopDeployment: object({ of: text }, {}).describe(
    'Somebody stops the deployment of CodeDeploy that shifts an alias (shop:live) or installs a version on servers (shop-fleet), and it goes back.',
  ),
  deploymentConfig: object({ of: text }, { config: text }).describe(
    'Somebody gives the deployment group that shifts an alias (shop:live) another configuration, by its name, past its template; or, without `config`, that of its template again.',
  ),
  follow: object({ run: oneOf('rollback', 'push') }, {}).describe(
    'From now on, expectations and the console are about the latest rollback, or again about the latest push.',
  ),
  changeSet: object({ stack: text, changes }, {}).describe(
    'Somebody makes the change set that a stack waits with again, and it would do something else.',
  ),
  mark: object({ as: text }, {}).describe('Remembers what was counted so far, for `readGrowthAtMost`.'),
  update: object(
    {},
    { pipeline: text, rename: mapOf(text, text), remove: someOf(text), keepsRuns: flag, delete: flag },
  ).describe(
    'The definition of a pipeline is changed: CodePipeline rolls back to no run of before. `rename` and `remove` take stages and actions (Prod, Prod/Approve); a run whose action is gone is cancelled, or with `keepsRuns` waits until it expires.',
  ),
});

export const scenario = object(
  { title: text, steps: listOf(step) },
  {
    about: text,
    app: text,
    context: mapOf(text, text),
    pipeline: text,
    start: text,
    permissions: oneOf('enforced', 'ignored').describe(
      'Whether calls need the permissions of their roles, as on AWS: a refused call fails the scenario. Enforced when absent.',
    ),
    customResources: oneOf('played', 'assumed').describe(
      'Whether CloudFormation invokes the functions of custom resources. `assumed` = their attributes are made up. Played when absent.',
    ),
    assume: object(
      {},
      {
        actionOrder: oneOf('newest-first', 'oldest-first', 'shuffled'),
        closedBy: oneOf('nobody', 'pipeline-role'),
        rollbackConditions: oneOf('asked', 'not-asked'),
      },
    ).describe(
      'What no document of AWS settles: the order of ListActionExecutions, whom it names for what CodePipeline closed by itself, and whether a rollback has to meet the conditions of its stage.',
    ),
  },
);

export type Scenario = z.output<typeof scenario>;
export type Step = z.output<typeof step>;
export type StepName = Step extends infer One ? (One extends unknown ? keyof One : never) : never;
/** What a step of this name holds. */
export type StepOf<Name extends StepName> = Extract<Step, Readonly<Record<Name, unknown>>>[Name];
export type AnswerStep = z.output<typeof answer>;
export type LinkChoice = Pick<AnswerStep, 'gate' | 'as' | 'link' | 'forge'>;

/** One function for each step, by its name. */
export type ByStep<Result> = { readonly [Name in StepName]: (held: StepOf<Name>) => Result };

/** Those of them that belong together. */
export type SomeSteps = Partial<ByStep<void | Promise<void>>>;

/** Calls the function of a step's name with what the step holds. */
export function byStep<Result>(functions: ByStep<Result>, step: Step): Result {
  const [name, held] = Object.entries(step)[0] as [StepName, unknown];
  return (functions[name] as (held: unknown) => Result)(held);
}
