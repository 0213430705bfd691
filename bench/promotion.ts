/** `PromotionPipeline` beside the same pipeline by hand: what it adds to a template, and to a synth. */
import { join } from 'node:path';
import { compiledLibrary } from './built';
import { runNode } from './processes';
import { atMost, number, type Bench, type Row, type Scale } from './row';
import { compare } from './statistics';

interface Synth {
  readonly milliseconds: number;
  readonly resources: number;
}

/** Ours, the same by hand, and what the latter is. */
const PAIRS = [
  ['native', 'cdk', 'native approvals', 'Pipeline with ManualApprovalAction'],
  ['gated', 'hand', 'approval and health gate', 'Pipeline with ApprovalGateAction'],
] as const;

const LIMIT = 1.15;

function synth(kind: string, stages: number): Promise<Synth> {
  const folder = compiledLibrary();
  return runNode<Synth>([join(folder, 'bench/programs/promotion.js'), kind, String(stages)], folder);
}

async function rowsOf(
  [ours, hand, what, anchor]: (typeof PAIRS)[number],
  stages: number,
  scale: Scale,
): Promise<Row[]> {
  const counted = { ours: (await synth(ours, stages)).resources, hand: (await synth(hand, stages)).resources };
  const share = counted.ours / counted.hand;
  const time = async (kind: string): Promise<number> => (await synth(kind, stages)).milliseconds;
  const timed = await compare(
    () => time(ours),
    () => time(hand),
    scale.pairs,
  );
  const { ratio } = timed;
  const goal = (value: number) => (scale.smoke ? undefined : atMost(LIMIT, value, `${number(LIMIT, 2)}×`));
  return [
    {
      what: `resources, ${stages} stages, ${what}`,
      ours: `${number(share, 2)}×`,
      beside: `${counted.ours} beside ${counted.hand} of ${anchor}`,
      goal: goal(share),
    },
    {
      what: `synth, ${stages} stages, ${what}`,
      ours: `${number(ratio.middle, 2)}× (${number(ratio.low, 2)} to ${number(ratio.high, 2)})`,
      beside: `${number(timed.ours.middle)} ms beside ${number(timed.anchor.middle)} ms of ${anchor}, ${timed.pairs} pairs`,
      goal: goal(ratio.middle),
    },
  ];
}

export const promotion: Bench = {
  name: 'promotion',
  title: 'PromotionPipeline beside the same pipeline by hand, with the same gates (CPU time of fresh processes)',
  async run(scale) {
    const rows: Row[] = [];
    for (const pair of PAIRS) {
      for (const stages of scale.smoke ? [3] : [3, 10, 40]) {
        rows.push(...(await rowsOf(pair, stages, scale)));
      }
    }
    return rows;
  },
};
