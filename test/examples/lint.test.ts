/** What we show to others has none of the traps that we warn of. */
import { App } from 'aws-cdk-lib';
import { referenceApp } from '../../bin/reference-app';
import { ReleaseLint } from '../../lib';
import { CONTEXT, EXAMPLES, loadExample } from './harness';

/** Examples of rollouts leave the gate out: it is not what they are about. */
const LEFT_OUT = 'productionWithoutGate';

function findingsIn(app: App): readonly string[] {
  const lint = new ReleaseLint();
  const constructs = app.node.findAll();
  constructs.forEach((construct) => lint.visit(construct));
  return constructs
    .flatMap(({ node }) => node.metadata)
    .flatMap(({ data }) => /ReleaseLint\.(\w+)/.exec(String(data))?.[1] ?? []);
}

test.each(EXAMPLES)('examples/%s', (name) => {
  expect(findingsIn(loadExample(name)).filter((id) => id !== LEFT_OUT)).toEqual([]);
});

test('the reference app', () => {
  const app = new App({ context: CONTEXT });
  referenceApp(app);

  expect(findingsIn(app)).toEqual([]);
});
