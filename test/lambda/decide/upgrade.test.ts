/**
 * Requests that an earlier deployment left half done, whose rows and policy are kept as they were written then. The code of today
 * has to finish them: whoever updates a workflow has requests that wait.
 *
 * A fixture is written once, when its version begins: `WRITE_ROWS=1 npx jest test/lambda/decide/upgrade`, then `npm run format`.
 * After a release it is not written again; rows that today's code cannot finish are a new version, with a folder of its own.
 */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY_VERSION, type GatePolicy, type Person } from '../../../contract/policy';
import type { StreamRecord } from '../../../lambda/decide/decisions';
import { ROW_VERSION } from '../../../lambda/domain/rows';
import { ANA, at, BO, CY, days, minutes, OURS, policyOf, REQUEST, ruleOf } from '../samples';
import { Crash, eachTestHasAGate, GateFixture } from './gate-fixture';

type Row = Record<string, unknown>;

interface Left {
  readonly policy: GatePolicy;
  readonly rows: readonly Row[];
  /** Secrets of the links in the emails that were sent, by address. */
  readonly seeds: Readonly<Record<string, string>>;
  /** A decision that the review page took, and that nobody has read yet. */
  readonly decision?: StreamRecord;
}

/** Leads a gate to where the deployment leaves it. */
type Lead = (gate: GateFixture) => Promise<StreamRecord | undefined | void>;

interface Finish {
  readonly title: string;
  readonly from: string;
  /** Goes on with what is left, and says what has to have happened. */
  readonly go: (gate: GateFixture, left: Left) => Promise<void>;
}

const FOLDER = join(__dirname, 'rows-of-version-2');
const GUARDED = policyOf({ rule: ruleOf('GUARDED', { people: { quorum: 2, excludeAuthor: true, reason: 'ALWAYS' } }) });

/** Breaks a look off when it calls this. */
async function broken(gate: GateFixture, call: string, look: () => Promise<unknown>): Promise<void> {
  gate.around = (made) => {
    if (made === call) throw new Crash();
  };
  await expect(look()).rejects.toThrow();
  gate.around = () => undefined;
}

const LEADS: Readonly<Record<string, Lead>> = {
  'taken-in': async (gate) => gate.ask(),
  opened: async (gate) => {
    await gate.ask();
    gate.codePipeline.visible = false;
    await gate.look(1);
  },
  asking: async (gate) => {
    await gate.ask();
    await gate.live(1, minutes(3));
  },
  voted: async (gate) => {
    await gate.ask();
    await gate.live(1, minutes(3));
    await gate.decide(ANA, 'APPROVE', minutes(4), { comment: 'good' });
    return gate.decision(BO, 'APPROVE', minutes(5), { comment: 'me too' });
  },
  decided: async (gate) => {
    await gate.ask();
    await gate.live(1, minutes(3));
    await gate.decide(ANA, 'APPROVE', minutes(4), { comment: 'good' });
    await broken(gate, 'pipeline.answer', () => gate.decide(BO, 'APPROVE', minutes(5), { comment: 'me too' }));
  },
  delivered: async (gate) => {
    await gate.ask();
    await gate.live(1, minutes(3));
    await broken(gate, 'mailer.send', () => gate.decide(ANA, 'REJECT', minutes(4), { comment: 'no' }));
  },
};

const answered = (approved: boolean, part: string) => [{ approved, summary: expect.stringContaining(part) as string }];

const FINISHES: readonly Finish[] = [
  {
    title: 'that was only taken in is asked, and answered',
    from: 'taken-in',
    go: async (gate) => {
      await gate.live(minutes(5), minutes(5));
      await gate.decide(ANA, 'APPROVE', minutes(6), { comment: 'good' });
      await gate.decide(BO, 'APPROVE', minutes(7), { comment: 'good' });
      expect(gate.codePipeline.answers).toEqual(answered(true, ANA.mail));
    },
  },
  {
    title: 'whose run was not found yet finds it, and asks everybody',
    from: 'opened',
    go: async (gate) => {
      await gate.live(minutes(5), minutes(5));
      expect(gate.mails.map(({ to }) => to).sort()).toEqual([ANA.mail, BO.mail, CY.mail]);
      expect((await gate.request()).phase).toBe('WAITING');
    },
  },
  {
    title: 'that asks takes an answer by a link of then',
    from: 'asking',
    go: async (gate, { seeds }) => {
      await gate.decide(CY, 'REJECT', minutes(10), { seed: seeds[CY.mail]!, comment: 'too early' });
      expect(gate.codePipeline.answers).toEqual(answered(false, 'too early'));
    },
  },
  {
    title: 'that asks expires, and everybody is told',
    from: 'asking',
    go: async (gate) => {
      gate.codePipeline.action = { status: 'FAILED', answer: { at: at(days(1) + 3) } };
      await gate.live(days(1) + 1, days(3));
      expect(await gate.request()).toMatchObject({ phase: 'CLOSED', outcome: { kind: 'EXPIRED' } });
      expect(gate.mails.map(({ to }) => to).sort()).toEqual([ANA.mail, BO.mail, CY.mail]);
    },
  },
  {
    title: 'counts the votes of then, and a decision that nobody had read yet',
    from: 'voted',
    go: async (gate, { decision }) => {
      expect(await gate.take([decision!], minutes(6))).toEqual([]);
      expect(gate.codePipeline.answers).toEqual(answered(true, 'me too'));
      expect(gate.mails.map(({ to }) => to).sort()).toEqual([ANA.mail, BO.mail, CY.mail]);
    },
  },
  {
    title: 'that was decided is delivered',
    from: 'decided',
    go: async (gate) => {
      await gate.live(minutes(10), minutes(10));
      expect(gate.codePipeline.answers).toEqual(answered(true, 'me too'));
    },
  },
  {
    title: 'that was delivered is told, and not delivered again',
    from: 'delivered',
    go: async (gate) => {
      gate.codePipeline.action = { status: 'FAILED', answer: { by: OURS, at: at(minutes(4)), comment: 'no' } };
      await gate.live(minutes(30), days(1));
      expect(gate.codePipeline.answers).toEqual([]);
      expect(new Set(gate.mails.map(({ to }) => to))).toEqual(new Set([ANA.mail, BO.mail, CY.mail]));
      gate.mails.forEach(({ subject }) => expect(subject).toContain('Rejected'));
      expect((await gate.request()).phase).toBe('CLOSED');
    },
  },
];

const fileOf = (name: string): string => join(FOLDER, `${name}.json`);

let gate: GateFixture;
eachTestHasAGate((fresh) => {
  gate = fresh;
  gate.policy = GUARDED;
});

async function write(name: string, lead: Lead): Promise<void> {
  const decision = (await lead(gate)) ?? undefined;
  const linked = (who: Person) => gate.mailsTo(who).some(({ text }) => text.includes('key='));
  const left: Left = {
    policy: GUARDED,
    rows: gate.tables.rows('requests-1').map(({ json }) => JSON.parse(json) as Row),
    seeds: Object.fromEntries([ANA, BO, CY].filter(linked).map((who) => [who.mail, gate.seedOf(who)])),
    ...(decision === undefined ? {} : { decision }),
  };
  writeFileSync(fileOf(name), `${JSON.stringify(left, undefined, 2)}\n`);
}

function parse(name: string): Left {
  // Sets stand in JSON as the table in memory writes them.
  const revived = (_: string, value: { readonly $set?: readonly unknown[] } | null) =>
    value?.$set === undefined ? value : new Set(value.$set);
  return JSON.parse(readFileSync(fileOf(name), 'utf8'), revived) as Left;
}

async function read(name: string, change: (row: Row) => Row = (row) => row): Promise<Left> {
  const left = parse(name);
  for (const row of left.rows) {
    await gate.tables.documents.send(new PutCommand({ TableName: 'requests-1', Item: change(row) }));
  }
  gate.policy = left.policy;
  return left;
}

if (process.env.WRITE_ROWS !== undefined) {
  test.each(Object.entries(LEADS))('%s is written', (name, lead) => write(name, lead));
} else {
  describe(`a request of rows of version ${ROW_VERSION}`, () => {
    test.each(FINISHES)('$title', async ({ from, go }) => {
      await go(gate, await read(from));
    });

    test.each(Object.keys(LEADS))('is of that version, and so is its policy: %s', (name) => {
      const { policy, rows } = parse(name);
      expect(policy.v).toBe(POLICY_VERSION);
      // What else is there, such as indexes, decides nothing.
      const deciding = rows.filter(({ pk }) => pk === REQUEST || pk === `asked#${REQUEST}`);
      expect(deciding.length).toBeGreaterThan(0);
      deciding.forEach(({ v }) => expect(v).toBe(ROW_VERSION));
    });

    test('is not touched where one of its rows is of another version', async () => {
      await read('decided', (row) => (row.sk === `vote#${BO.id}` ? { ...row, v: ROW_VERSION + 1 } : row));
      await gate.look(minutes(10));
      expect(gate.codePipeline.answers).toEqual([]);
      expect(gate.mails).toEqual([]);
    });
  });
}
