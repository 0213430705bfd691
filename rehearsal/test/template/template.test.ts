import { App, CfnCondition, CfnMapping, CfnParameter, Fn, Stack, Stage } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter as SsmParameter } from 'aws-cdk-lib/aws-ssm';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAssembly } from '../../template/assembly';
import { Stacks } from '../../template/stacks';

const DEFAULTS = { account: '111111111111', region: 'eu-west-1' };

function app(context: Record<string, unknown> = {}): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'rehearsal-test-')), context, analyticsReporting: false });
}

function deployed(of: App): Stacks {
  of.synth();
  const stacks = new Stacks(loadAssembly(of.outdir, DEFAULTS));
  stacks.artifacts.forEach(({ stackName }) => stacks.deploy(stackName));
  return stacks;
}

/** What an expression of a template becomes. */
function resolved(build: (stack: Stack) => string): string {
  const of = app();
  const stack = new Stack(of, 'Test');
  new SsmParameter(stack, 'Value', { type: 'String', value: build(stack) });
  return deployed(of).resources('AWS::SSM::Parameter')[0]!.properties.Value;
}

describe('intrinsic functions', () => {
  test.each<[string, string, (stack: Stack) => string]>([
    [
      'pseudo parameters',
      '111111111111 eu-west-1 aws',
      ({ account, region, partition }) => `${account} ${region} ${partition}`,
    ],
    ['a join', 'a-b', () => Fn.join('-', ['a', Fn.ref('AWS::NoValue') && 'b'])],
    ['a substitution', 'eu-west-1 ${Literal} x', () => Fn.sub('${AWS::Region} ${!Literal} ${Own}', { Own: 'x' })],
    ['a selection of a split', 'b', () => Fn.select(1, Fn.split('|', Fn.join('', ['a|', 'b'])))],
    ['base64', 'YQ==', () => Fn.base64('a')],
    ['a parameter with a default', 'd', (stack) => new CfnParameter(stack, 'P', { default: 'd' }).valueAsString],
    [
      'a list parameter',
      'x+y',
      (stack) => Fn.join('+', new CfnParameter(stack, 'P', { type: 'CommaDelimitedList', default: 'x,y' }).valueAsList),
    ],
    [
      'a mapping',
      'here',
      (stack) =>
        new CfnMapping(stack, 'M', { mapping: { 'eu-west-1': { where: 'here' } } }).findInMap(stack.region, 'where'),
    ],
    [
      'a condition',
      'yes',
      (stack) => {
        const condition = new CfnCondition(stack, 'C', {
          expression: Fn.conditionAnd(
            Fn.conditionEquals(stack.region, 'eu-west-1'),
            Fn.conditionNot(Fn.conditionEquals('a', 'b')),
          ),
        });
        return Fn.conditionIf(condition.logicalId, 'yes', 'no').toString();
      },
    ],
    [
      'the rule of a listener of a load balancer',
      'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/shop',
      (stack) => {
        const { ref } = new elbv2.CfnLoadBalancer(stack, 'B', { name: 'shop' });
        const defaultActions = [{ type: 'fixed-response' }];
        const listener = new elbv2.CfnListener(stack, 'L', { loadBalancerArn: ref, defaultActions });
        const of = { listenerArn: listener.ref, priority: 1, actions: [], conditions: [] };
        return Fn.select(0, Fn.split('/shop/', new elbv2.CfnListenerRule(stack, 'R', of).ref)) + '/shop';
      },
    ],
    [
      'a network load balancer',
      'net/shop/',
      (stack) => {
        const balancer = new elbv2.CfnLoadBalancer(stack, 'B', { name: 'shop', type: 'network' });
        return Fn.select(0, Fn.split('/shop/', balancer.attrLoadBalancerFullName)) + '/shop/';
      },
    ],
    [
      'a target group',
      'web targetgroup',
      (stack) => {
        const group = new elbv2.CfnTargetGroup(stack, 'G', { name: 'web' });
        return `${group.attrTargetGroupName} ${Fn.select(0, Fn.split('/', group.attrTargetGroupFullName))}`;
      },
    ],
    [
      'an attribute of a resource',
      'arn:aws:sns:eu-west-1:111111111111:t',
      (stack) => new Topic(stack, 'T', { topicName: 't' }).topicArn,
    ],
  ])('resolve %s', (_what, expected, build) => {
    expect(resolved(build)).toBe(expected);
  });

  test('leave a resource out whose condition does not hold', () => {
    const of = app();
    const stack = new Stack(of, 'Test');
    const topic = new Topic(stack, 'Topic');
    (topic.node.defaultChild as any).cfnOptions.condition = new CfnCondition(stack, 'Never', {
      expression: Fn.conditionEquals('a', 'b'),
    });
    expect(deployed(of).resources('AWS::SNS::Topic')).toEqual([]);
  });
});

describe('references between stacks', () => {
  test.each(['strong', 'weak', 'both'])('that are %s resolve to the same value', (strength) => {
    const of = app({ '@aws-cdk/core:defaultCrossStackReferences': strength });
    const topic = new Topic(new Stack(of, 'Producer'), 'Topic');
    const consumer = new Stack(of, 'Consumer');
    new SsmParameter(consumer, 'Value', { type: 'String', value: topic.topicArn });
    const stacks = deployed(of);
    const text = JSON.stringify(stacks.artifact('Consumer').template);
    expect(text.includes('Fn::GetStackOutput')).toBe(strength !== 'strong');
    expect(stacks.resources('AWS::SSM::Parameter')[0]!.properties.Value).toBe(
      stacks.resources('AWS::SNS::Topic')[0]!.physicalId,
    );
  });

  test('that nobody exports are named', () => {
    expect(() => resolved(() => Fn.importValue('nowhere'))).toThrow('no stack of the assembly exports nowhere');
  });
});

test('stacks of nested stages are found by name, id and template', () => {
  const of = app();
  const stage = new Stage(of, 'Prod', { env: { account: '222222222222', region: 'us-east-1' } });
  new Topic(new Stack(stage, 'Shop'), 'Topic');
  const stacks = deployed(of);
  const artifact = stacks.artifact('Prod-Shop');
  expect(stacks.artifact(artifact.templateFile)).toBe(artifact);
  expect(stacks.artifact(artifact.artifactId)).toBe(artifact);
  expect(stacks.resources('AWS::SNS::Topic')[0]).toMatchObject({
    stack: 'Prod-Shop',
    path: 'Prod/Shop/Topic/Resource',
    arn: expect.stringMatching(/^arn:aws:sns:us-east-1:222222222222:/),
  });
});

test('a second deployment tells what it created, updated and deleted', () => {
  const build = (names: string[], display: string): App => {
    const of = app();
    const stack = new Stack(of, 'Test');
    names.forEach((name) => new Topic(stack, name, { displayName: display }));
    of.synth();
    return of;
  };
  const stacks = deployed(build(['One', 'Two'], 'a'));
  const changed = loadAssembly(build(['Two', 'Three'], 'b').outdir, DEFAULTS);
  const { created, updated, deleted } = stacks.deploy('Test', changed.stacks[0]!.template);
  const ids = (all: readonly { logicalId: string }[]) =>
    all.map(({ logicalId }) => logicalId.replace(/[A-F\d]{8}$/, ''));
  expect([ids(created), ids(updated.map(({ after }) => after)), ids(deleted)]).toEqual([['Three'], ['Two'], ['One']]);
  expect(stacks.resource('Test/' + created[0]!.logicalId)).toBe(created[0]);
});

test('a folder without an assembly is named', () => {
  expect(() => loadAssembly('/nonexistent', DEFAULTS)).toThrow('no cloud assembly in /nonexistent');
});
