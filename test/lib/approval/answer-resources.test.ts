import { Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import type { AnswerableGate } from '../../../lib/approval/answer-resources';
import { answerResources, Breadth, breadthFor } from '../../../lib/approval/answer-resources';

/** The longest ARN that a pipeline can have before its name. */
const PREFIX = 'arn:aws-us-gov:codepipeline:ap-southeast-2:123456789012:';
const READS = 450;

const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019.@_-'), minLength: 1, maxLength: 100 });
const gates = fc.array(fc.record({ stageName: name, actionName: name }), { minLength: 1, maxLength: 120 });

test('whatever the names, the policy fits into a role, and is as exact as it can be', () => {
  fc.assert(
    fc.property(gates, name, fc.boolean(), (all, pipelineName, known) => {
      const breadth = breadthFor(all, known ? pipelineName : undefined);
      const resources = answerResources(PREFIX + (known ? pipelineName : 'x'.repeat(100)), all, breadth);

      expect(JSON.stringify(resources).length + READS).toBeLessThan(10_240);
      for (const gate of all) {
        expect(resources.some((resource) => covers(resource, gate))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

function covers(resource: string, gate: AnswerableGate): boolean {
  const path = resource.slice(resource.indexOf('/') + 1);
  return [`${gate.stageName}/${gate.actionName}`, `${gate.stageName}/*`, '*'].includes(path);
}

test('unknown names count at their longest', () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ stageName: 'Prod', actionName: `Gate${n}` }));
  expect(breadthFor(many, 'shop')).toBe(Breadth.ACTIONS);
  expect(breadthFor(many, undefined)).toBe(Breadth.STAGES);
  expect(breadthFor(many, Lazy.string({ produce: () => 'shop' }))).toBe(Breadth.STAGES);
});

test('a bound that is one character too narrow is noticed', () => {
  const gate = { stageName: 'a'.repeat(100), actionName: 'b'.repeat(100) };
  const all = Array.from({ length: 60 }, (_, n) => ({ ...gate, actionName: `${'b'.repeat(98)}${n + 10}` }));
  const exact = answerResources(PREFIX + 'x'.repeat(100), all, Breadth.ACTIONS);
  expect(JSON.stringify(exact).length).toBeGreaterThan(10_240);
  expect(breadthFor(all, undefined)).not.toBe(Breadth.ACTIONS);
});
