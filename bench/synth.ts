/** Synthesizing apps with gates, and what they add to a template. */
import { join } from 'node:path';
import { compiledLibrary } from './built';
import { runNode } from './processes';
import { atMost, number, type Bench, type Row, type Scale } from './row';
import { compare } from './statistics';

interface Synth {
  readonly milliseconds: number;
  readonly resources: number;
}

type Kind = 'cdk' | 'native' | 'workflow' | 'checks';

function synth(kind: Kind, gates: number): Promise<Synth> {
  const folder = compiledLibrary();
  return runNode<Synth>([join(folder, 'bench/programs/synth.js'), kind, String(gates)], folder);
}

async function beside(kind: Kind, gates: number, limit: number | undefined, scale: Scale): Promise<Row> {
  const time = async (one: Kind): Promise<number> => (await synth(one, gates)).milliseconds;
  const { ratio, ours, anchor, pairs } = await compare(
    () => time(kind),
    () => time('cdk'),
    scale.pairs,
  );
  return {
    what: `synth, ${gates} ${kind === 'native' ? 'native gates' : 'gates with a workflow'}`,
    ours: `${number(ratio.middle, 2)}× (${number(ratio.low, 2)} to ${number(ratio.high, 2)})`,
    beside: `${number(ours.middle)} ms beside ${number(anchor.middle)} ms of ManualApprovalAction, ${pairs} pairs`,
    goal: limit === undefined ? undefined : atMost(limit, ratio.middle, `${number(limit, 2)}×`),
  };
}

export const synthesis: Bench = {
  name: 'synth',
  title: 'cdk synth beside the same app with the CDK’s own ManualApprovalAction (CPU time of fresh processes)',
  async run(scale) {
    if (scale.smoke) {
      return [await beside('native', 2, undefined, scale), await beside('workflow', 2, undefined, scale)];
    }
    return [
      await beside('native', 98, 1, scale),
      await beside('workflow', 10, undefined, scale),
      await beside('workflow', 49, 1.15, scale),
      await beside('workflow', 98, 1.15, scale),
    ];
  },
};

const GATES = 5;

export const resources: Bench = {
  name: 'resources',
  title: 'resources of the pipeline’s stack for one further gate (counted)',
  async run() {
    const further = async (kind: Kind): Promise<number> =>
      (await synth(kind, GATES + 1)).resources - (await synth(kind, GATES)).resources;
    const anchor = `${await further('cdk')} of ManualApprovalAction`;
    const rows: Row[] = [];
    for (const [kind, what, limit] of [
      ['native', 'native gate', 1],
      ['workflow', 'gate with a workflow', 1],
      ['checks', 'gate with a check', 1],
    ] as const) {
      const count = await further(kind);
      rows.push({ what, ours: number(count), beside: anchor, goal: atMost(limit, count, number(limit)) });
    }
    return rows;
  },
};
