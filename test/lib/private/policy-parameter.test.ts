import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { JsonParameter } from '../../../lib/private/policy-parameter';

function parameterOf(document: () => object, stack = new Stack(new App(), 'Shop')): Stack {
  new JsonParameter(stack, 'Policy', {
    parameterName: '/shop',
    description: 'A policy',
    document,
    fix: 'say less',
  });
  return stack;
}

const valueOf = (stack: Stack): unknown =>
  Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'))[0]!.Properties.Value;

test('resolves its document twice: once while the CDK looks for references, once for validation and template', () => {
  let times = 0;
  const stack = parameterOf(() => {
    times += 1;
    return { who: 'ana' };
  });

  expect(valueOf(stack)).toBe('{"who":"ana"}');
  expect(times).toBe(2);
});

test('holds what is known at synth, also where somebody looked at it before', () => {
  const people = ['ana'];
  const stack = parameterOf(() => ({ people: Lazy.list({ produce: () => people }) }));
  const parameter = stack.node.findChild('Policy').node.findChild('Resource') as unknown as { value: string };

  expect(stack.resolve(parameter.value)).toBe('{"people":["ana"]}');
  people.push('bo');

  expect(valueOf(stack)).toBe('{"people":["ana","bo"]}');
});

test('refers to what another stack makes', () => {
  const app = new App();
  const topic = new sns.Topic(new Stack(app, 'Topics'), 'Topic');
  const stack = parameterOf(() => ({ topic: topic.topicArn }), new Stack(app, 'Shop'));

  expect(JSON.stringify(valueOf(stack))).toContain('Fn::ImportValue');
});

test('counts what it writes: braces take six bytes each', () => {
  const stack = parameterOf(() => ({ text: '{{'.repeat(1500) }));

  expect(() => Template.fromStack(stack)).toThrow(/the document '[^']+' may reach \d+ bytes.*say less/);
});
