/** What must never happen, tried out in every order. */
import { approvals, healthy, never, Reached, type Condition, type NeverOptions } from '../../index';
import { thoroughly } from '../support/thorough';
import { HOLES } from './apps';

interface Case {
  readonly name: keyof typeof HOLES;
  readonly condition: (repaired: boolean) => Condition;
  readonly options?: NeverOptions;
  readonly story: readonly string[];
  /** Its repaired pipeline has a hundred, which take a while. */
  readonly manyStories?: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'the gate comes after the deployment',
    condition: () => approvals('Prod/Approve', 1),
    story: ['a change is pushed'],
  },
  {
    name: 'the gate is in another stage, which comes later',
    condition: () => approvals('Verify/Approve', 1),
    story: ['a change is pushed'],
  },
  {
    name: 'any of three may approve, where two were meant',
    condition: () => approvals('Prod/Approve', 2),
    story: ['a change is pushed', 'ana@example.com approves Prod/Approve'],
    manyStories: true,
  },
  {
    name: 'the canary is watched by another alarm than its own',
    condition: () => healthy('shop-5xx'),
    story: ['a change is pushed', 'the alarm shop-5xx goes red'],
  },
  {
    name: 'a canary has no alarm',
    condition: () => healthy('shop-5xx'),
    story: ['a change is pushed', 'the alarm shop-5xx goes red'],
  },
  {
    name: 'a rollback passes no gate',
    condition: (repaired) => approvals(repaired ? 'Prod/Approve' : 'Verify/Approve', 1),
    options: { rollbacks: true },
    story: ['an operator rolls the stage Prod back'],
  },
];

describe.each(CASES.map((one) => [one.name, one] as const))(
  '%s',
  (name, { condition, options, story, manyStories }) => {
    test('is found, with a shortest story', async () => {
      const found = await never(HOLES[name].hole(), options)
        .reaches('Prod/Deploy')
        .without(condition(false))
        .catch((error: unknown) => error);

      expect(found).toBeInstanceOf(Reached);
      expect((found as Reached).story).toEqual(story);
      expect((found as Reached).message).toContain(
        `Prod/Deploy can be reached without ${condition(false).words}:\n  1. `,
      );
    }, 60_000);

    const repaired = manyStories === true ? thoroughly('every order of the answers of three people') : describe;
    repaired('once it is repaired', () => {
      test('is not, in all stories within the bound', async () => {
        const explored = await never(HOLES[name].repaired(), options).reaches('Prod/Deploy').without(condition(true));

        expect(explored.complete).toBe(true);
        expect(explored.stories).toBeGreaterThan(2);
      }, 120_000);
    });
  },
);

test('an action that the pipeline does not have is told', async () => {
  const asked = never(HOLES['a rollback passes no gate'].hole())
    .reaches('Prod/Deliver')
    .without(approvals('Prod/A', 1));

  await expect(asked).rejects.toThrow('the pipeline has no action Prod/Deliver; it has Source/Source');
});

test('what cannot be reached at all proves nothing', async () => {
  const nobody = { atConsole: [] };
  const asked = never(HOLES['the gate comes after the deployment'].repaired(), nobody).reaches('Prod/Deploy');

  await expect(asked.without(approvals('Prod/Approve', 1))).rejects.toThrow(
    'Prod/Deploy is not reached even when everybody approves and no alarm is red, so nothing would be proven',
  );
});

test('a gate or an alarm that is misspelled is no proof either', async () => {
  const app = HOLES['the gate comes after the deployment'].repaired();

  await expect(never(app).reaches('Prod/Deploy').without(approvals('Prod/Aprove', 1))).rejects.toThrow(Reached);
  await expect(never(app).reaches('Prod/Deploy').without(healthy('shop-6xx'))).rejects.toThrow(
    'the app has no alarm shop-6xx',
  );
});

test('a bound that cuts stories off is said', async () => {
  const app = HOLES['any of three may approve, where two were meant'].repaired();

  const explored = await never(app, { stories: 3 }).reaches('Prod/Deploy').without(approvals('Prod/Approve', 2));

  expect(explored).toMatchObject({ stories: 3, complete: false });
}, 60_000);
