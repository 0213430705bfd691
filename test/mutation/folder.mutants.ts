/**
 * The tests of one folder of lambda/ as one file, so that each mutant loads what they share once. MUTATED names the folder.
 * Tests that take much longer than they find, or that need modules of their own, are left out.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../lambda', process.env.MUTATED ?? '');
const LEFT_OUT = ['invariants', 'faults', 'handler'];

for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.ts'))) {
  const name = file.replace('.test.ts', '');
  if (!LEFT_OUT.includes(name)) {
    describe(name, () => {
      jest.requireActual(join(folder, file));
    });
  }
}
