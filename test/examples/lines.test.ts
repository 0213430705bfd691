import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './harness';

/** Lines of the only statement of an example that holds `text` and nothing but one statement around it. */
function linesOf(source: ts.SourceFile, text: string): number {
  const found: ts.Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node) && node.getText(source).startsWith(text)) {
      found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  expect(found).toHaveLength(1);
  return found[0]!.getText(source).split('\n').length;
}

test('a stage with approval, health check and canary takes at most five lines more than one without', () => {
  const name = 'examples/accounts-and-regions.ts';
  const source = ts.createSourceFile(name, readFileSync(join(ROOT, name), 'utf8'), ts.ScriptTarget.ES2022, true);

  const without = linesOf(source, "promotion.addStage(new Shop('Staging'");
  const gated = linesOf(source, "promotion.addWave('Production'");
  const canary = linesOf(source, 'new LambdaRollout(');

  const text = source.getText();
  for (const what of ['manualApproval: true', 'checks: first.checks', 'RolloutStrategy.canary(']) {
    expect(text).toContain(what);
  }
  expect(gated + canary - without).toBeLessThanOrEqual(5);
});
