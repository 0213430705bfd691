/** What became of each resource, as a table for docs/emulator.md: a row for each type, with the names of what is not there. */
import type { Created } from './deploy';

export function tableOf(stacks: ReadonlyMap<string, Created>): string {
  const rows = new Map<string, { made: number; all: number; others: string[] }>();
  for (const [stack, { table }] of stacks) {
    for (const { logicalId, type, outcome } of table) {
      const row = rows.get(type) ?? { made: 0, all: 0, others: [] };
      rows.set(type, row);
      row.all += 1;
      if (outcome === 'CREATE_COMPLETE') row.made += 1;
      else row.others.push(`\`${stack}/${logicalId}\`: ${outcome}`);
    }
  }
  return [
    '| type | created | not created, and why |',
    '|---|---|---|',
    ...[...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, { made, all, others }]) => `| \`${type}\` | ${made} of ${all} | ${others.join('<br>')} |`),
  ].join('\n');
}
