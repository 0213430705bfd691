/**
 * The synthesized templates and bundled functions on an emulator of AWS that is not ours: its CloudFormation creates the
 * resources, its services carry a request from the notification to the outcome, and the record is the rehearsal's.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAssembly } from '../../rehearsal/template/assembly';
import { World } from '../../rehearsal/world';
import { sharedAssembly } from '../../rehearsal/test/support/shared-assembly';
import { bootstrap, deploy, publish, type Created } from './deploy';
import { COMMAND, Ministack } from './ministack';
import { inEmulator, inRehearsal } from './places';
import { essence, tell } from './story';
import { tableOf } from './table';

const APP = 'examples/workflow-gate.ts';
/** The emulator's own: it serves the APIs of no other one to people without a key. */
const WHERE = { account: '000000000000', region: 'eu-west-1' };
const PAGE = join(__dirname, '../../docs/emulator.md');

if (COMMAND === undefined) {
  process.stderr.write('skipped: ministack is not installed (pip install ministack; set MINISTACK_PATH)\n');
}

(COMMAND === undefined ? describe.skip : describe)('on an emulator', () => {
  let emulator: Ministack;
  const created = new Map<string, Created>();

  beforeAll(async () => {
    emulator = await Ministack.start(WHERE.account, WHERE.region);
    await bootstrap(emulator);
  }, 90_000);

  afterAll(() => emulator.stop());

  test('a request goes as in the rehearsal: mail, link, number, votes, outcome; and leaves the same record', async () => {
    const assembly = await sharedAssembly(APP);
    const rehearsed = await inRehearsal(assembly, WHERE, tell);
    const emulated = await inEmulator(emulator, assembly, (place, made) => {
      created.set('WorkflowGate', made);
      return tell(place);
    });

    expect(rehearsed).toMatchObject({ run: 'Succeeded', answer: { gate: 'approved' } });
    expect(essence(emulated)).toEqual(essence(rehearsed));
    expect(emulated.rows.length).toBeGreaterThan(8);
  }, 180_000);

  test('the stacks of the reference app are created, resource by resource', async () => {
    const directory = await sharedAssembly();
    const assembly = loadAssembly(directory, WHERE);
    const world = await World.create(directory, WHERE);
    try {
      await publish(emulator, assembly);
      // The others are deployed by the pipeline.
      for (const stack of assembly.stacks.filter(({ stackName }) => /^Shop(Approvals|Release)$/.test(stackName))) {
        const names = (id: string) => String(world.resource(`${stack.stackName}/${id}`)?.physicalId);
        created.set(stack.stackName, await deploy(emulator, stack, { names }));
      }
    } finally {
      await world.close();
    }

    const table = tableOf(created);
    if (process.env.UPDATE_DOCS !== undefined) {
      const page = readFileSync(PAGE, 'utf8');
      writeFileSync(PAGE, page.replace(/(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/, `$1\n${table}\n$2`));
    }
    expect(readFileSync(PAGE, 'utf8')).toContain(table);
  }, 120_000);
});
