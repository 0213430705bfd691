/** Bugs that are planted, each as it might stand in a template or happen in an account: a walk has to find every one of them. */
import { linksIn } from '../../../rehearsal/approval-gates/review-page';
import type { Mail } from '../../../rehearsal/record';
import type { Plant } from './apps';
import { MINUTE, type Which } from './plan';
import type { Invariant } from './violation';
import type { Walk } from './walk';

export interface PlantedBug {
  readonly name: string;
  readonly in: Which;
  readonly template?: Plant;
  readonly world?: (walk: Walk) => void;
  readonly breaks: Invariant;
  /** Of a walk that finds it, where the first one does not. */
  readonly seed?: number;
}

const GOES_ON =
  'nothing goes on before all targets of the stage before have the change and were well for the whole bake' as const;
const GOES_BACK =
  'what fails in a stage that goes back, goes back to the last run that passed it; elsewhere it stays' as const;

function inStage(name: string, change: (stage: any) => void): Plant {
  return ({ Stages }) => change(Stages.find((stage) => stage.Name === name));
}

function inAction(stageName: string, name: string, change: (action: any, stage: any) => void): Plant {
  return inStage(stageName, (stage) =>
    change(
      stage.Actions.find((action: any) => action.Name === name),
      stage,
    ),
  );
}

/** The policy of a gate, as the text of its parameter. */
function inPolicy(stage: string, action: string, from: RegExp, to: string): Plant {
  return (_, { Resources }) => {
    const gate = `"stage":"${stage}","action":"${action}"`;
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type !== 'AWS::SSM::Parameter') continue;
      const parts: any[] = Properties.Value['Fn::Join']?.[1] ?? [];
      if (!parts.some((part) => typeof part === 'string' && part.includes(gate))) continue;
      Properties.Value['Fn::Join'][1] = parts.map((part) => (typeof part === 'string' ? part.replace(from, to) : part));
    }
  };
}

function inRule(stage: string, of: 'BeforeEntry' | 'OnSuccess', change: (condition: any) => void): Plant {
  return inStage(stage, (found) => change(found[of].Conditions[0]));
}

export const PLANTED: readonly PlantedBug[] = [
  {
    name: 'a gate runs beside the deployment that it guards',
    in: 'waves',
    template: inAction('Third', 'Approve', (gate) => (gate.RunOrder = 2)),
    breaks: 'nothing runs beside a gate',
  },
  {
    name: 'the check runs beside the last deployment',
    in: 'waves',
    template: inAction('Third', 'Healthy', (gate) => (gate.RunOrder = 3)),
    breaks: 'nothing runs beside a gate',
  },
  {
    name: 'nobody is asked',
    in: 'waves',
    template: inAction(
      'First',
      'Approve',
      (gate, stage) => (stage.Actions = stage.Actions.filter((one: any) => one !== gate)),
    ),
    breaks:
      'nothing is deployed before people have approved it in this run, or in the run that an automatic rollback leads back to',
  },
  {
    name: 'nothing is checked',
    in: 'waves',
    template: inAction(
      'Second',
      'Healthy',
      (gate, stage) => (stage.Actions = stage.Actions.filter((one: any) => one !== gate)),
    ),
    breaks: GOES_ON,
  },
  {
    name: 'the waves are in another order',
    in: 'waves',
    template: ({ Stages }) => Stages.splice(2, 2, Stages[3], Stages[2]),
    breaks: GOES_ON,
  },
  {
    name: 'a target is left out',
    in: 'waves',
    template: inAction(
      'Second',
      'c',
      (target, stage) => (stage.Actions = stage.Actions.filter((one: any) => one !== target)),
    ),
    breaks: GOES_ON,
  },
  {
    name: 'the bake is shorter',
    in: 'waves',
    template: inPolicy('Second', 'Healthy', /"bakeMinutes":20/, '"bakeMinutes":10'),
    breaks: GOES_ON,
  },
  {
    name: 'the alarm of one target counts for nothing',
    in: 'waves',
    template: inPolicy('Second', 'Healthy', /("title":"alarm errors-c".*?"observeOnly":)false/, '$1true'),
    breaks: 'a red alarm ends the bake',
    seed: 3,
  },
  {
    name: 'targets one by one are deployed to at once',
    in: 'waves',
    template: inAction('Third', 'e', (action) => (action.RunOrder = 2)),
    breaks: 'targets one by one: none begins before the ones in front of it have the change',
  },
  {
    name: 'an action deploys to the target of another one',
    in: 'waves',
    template: inAction('Second', 'b', (action) => {
      action.Configuration.StackName = 'Shop-c';
      action.Configuration.TemplatePath = 'Artifact_Source_Source::none.json';
    }),
    breaks: 'a target serves what was deployed there last',
  },
  {
    name: 'a wave does not go back',
    in: 'waves',
    template: inStage('Second', (stage) => delete stage.OnFailure),
    breaks: GOES_BACK,
  },
  {
    name: 'a wave goes back that should stay',
    in: 'waves',
    template: inStage('Third', (stage) => (stage.OnFailure = { Result: 'ROLLBACK' })),
    breaks: GOES_BACK,
    seed: 5,
  },
  {
    name: 'a rollback goes to another stage',
    in: 'waves',
    world: ({ rehearsal }) => {
      const engine = rehearsal.engine();
      const rollback = engine.rollback.bind(engine);
      engine.rollback = (stage, ...rest) => rollback(stage === 'Second' ? 'First' : stage, ...rest);
    },
    breaks: 'a rollback changes its own stage only',
  },
  {
    name: 'runs pass through a stage side by side',
    in: 'waves',
    // Nothing goes back in this mode.
    template: (pipeline) => {
      pipeline.Stages.forEach((stage) => delete stage.OnFailure);
      Object.assign(pipeline, { ExecutionMode: 'PARALLEL' });
    },
    breaks: 'a stage has one run at a time',
    seed: 5,
  },
  {
    name: 'somebody is not asked',
    in: 'waves',
    template: inPolicy('Third', 'Approve', /("ids":\[)"\w+",/, '$1'),
    breaks: 'a gate that waits takes the answer of whom it asked',
  },
  {
    name: 'people are told that a no leaves all as it is',
    in: 'waves',
    template: inPolicy('First', 'Approve', /"onReject":"ROLLBACK"/, '"onReject":"STOP"'),
    breaks: 'a no does what people were told that it does',
    seed: 3,
  },
  {
    name: 'nobody knows what a gate asks for',
    in: 'waves',
    template: inPolicy('Second', 'Healthy', /"v":\d+/, '"v":99'),
    breaks: 'the newest change gets through once all is well',
  },
  {
    name: 'an outcome is told twice',
    in: 'waves',
    world: ({ rehearsal: { world } }) => {
      const inbox = world.inbox as Mail[];
      world.clock.schedule(world.clock.now() + 60 * MINUTE, 'a mail comes again', () => {
        inbox.push(...inbox.filter(({ text }) => linksIn({ text }).length === 0).slice(-1));
      });
    },
    breaks: 'everybody who was asked hears the outcome, once',
  },
  {
    name: 'an incident keeps nobody out',
    in: 'conditions',
    template: inStage('Prod', (stage) => delete stage.BeforeEntry),
    breaks: 'nothing enters while an incident is open',
  },
  {
    name: 'no alarm is asked in the bake',
    in: 'conditions',
    template: inStage('Prod', (stage) => delete stage.OnSuccess),
    breaks: GOES_ON,
  },
  {
    name: 'another alarm is asked in the bake',
    in: 'conditions',
    template: inRule('Prod', 'OnSuccess', ({ Rules: [rule] }) => (rule.Configuration.AlarmName = 'incident')),
    breaks: GOES_ON,
  },
  {
    name: 'the alarm is asked for a shorter time',
    in: 'conditions',
    template: inRule('Prod', 'OnSuccess', ({ Rules: [rule] }) => (rule.Configuration.WaitTime = '10')),
    breaks: GOES_ON,
  },
  {
    name: 'a failed deployment stays',
    in: 'conditions',
    template: inStage('Prod', (stage) => delete stage.OnFailure),
    breaks: GOES_BACK,
  },
  {
    name: 'a red bake stays',
    in: 'conditions',
    template: inRule('Prod', 'OnSuccess', (condition) => (condition.Result = 'FAIL')),
    breaks: GOES_BACK,
  },
  {
    name: 'no window is waited for',
    in: 'conditions',
    template: inStage('Staging', (stage) => delete stage.OnSuccess),
    breaks: 'nothing goes on while the window is closed',
  },
  {
    name: 'the hours of the window are those of another place',
    in: 'conditions',
    template: inRule('Staging', 'OnSuccess', ({ Rules: [rule] }) => (rule.Configuration.TimeZone = 'America/New_York')),
    breaks: 'nothing goes on while the window is closed',
  },
];
