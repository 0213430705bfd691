import { ecsStepOf } from '../../../lambda/domain/ecs-step';

const ARN = 'arn:aws:ecs:eu-west-1:111111111111:service-revision/main/shop/4980306466373577095';
const ID = '4980306466373577095';

const step = (lifecycleStage: unknown, weights: object = {}, targetServiceRevisionArn: unknown = ARN) =>
  ecsStepOf({ lifecycleStage, executionDetails: { targetServiceRevisionArn, ...weights } });

test('a step is a stage of the deployment of one revision', () => {
  expect(step('POST_TEST_TRAFFIC_SHIFT')).toEqual({
    revision: ID,
    name: `${ID} POST_TEST_TRAFFIC_SHIFT`,
    isWayBack: false,
  });
});

test.each<[string, object, number]>([
  ['PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: 5, other: 95 } }, 5],
  ['PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: 5 }, testTrafficWeights: { [ARN]: 100 } }, 5],
  ['TEST_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: 5 }, testTrafficWeights: { [ARN]: 100 } }, 100],
])('of %s with %j the share of the traffic makes a step of its own', (stage, weights, share) => {
  expect(step(stage, weights)).toEqual({ revision: ID, name: `${ID} ${stage} ${share}`, isWayBack: false });
});

test.each([
  ['PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: 0 } }],
  ['TEST_TRAFFIC_SHIFT', { testTrafficWeights: { [ARN]: 0 } }],
])('in %s a revision that loses all of its traffic is on the way back', (stage, weights) => {
  expect(step(stage, weights)).toEqual({ revision: ID, name: `${ID} ${stage} 0`, isWayBack: true });
});

test.each<[string, string, object]>([
  ['of another stage', 'POST_PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: 0 } }],
  ['of the other kind of traffic', 'PRODUCTION_TRAFFIC_SHIFT', { testTrafficWeights: { [ARN]: 0 } }],
  ['of another revision', 'PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { other: 0 } }],
  ['that is no number', 'PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [ARN]: '0' } }],
])('a share %s says nothing', (_, stage, weights) => {
  expect(step(stage, weights)).toEqual({ revision: ID, name: `${ID} ${stage}`, isWayBack: false });
});

test.each([null, 7, '', 'arn:aws:ecs:x/', `x/${'1'.repeat(65)}`, 'a/b c', 'a/<b>'])(
  'a revision %j is not repeated',
  (arn) => {
    expect(step('POST_SCALE_UP', {}, arn)).toMatchObject({
      revision: 'ecs-deployment',
      name: 'ecs-deployment POST_SCALE_UP',
    });
  },
);

test('a revision has up to 64 letters, digits, lines and underscores', () => {
  const id = 'aZ_-'.repeat(16);

  expect(step('POST_SCALE_UP', {}, `x/${id}`).revision).toBe(id);
});

test.each([undefined, 7, '', 'lower', 'TWO WORDS', 'X9', 'A'.repeat(41)])('a stage %j is not repeated', (stage) => {
  expect(step(stage).name).toBe(ID);
});

test('a stage has up to 40 letters', () => {
  expect(step('A'.repeat(40)).name).toBe(`${ID} ${'A'.repeat(40)}`);
});

test('an event without details is a step, too', () => {
  expect(ecsStepOf({})).toEqual({ revision: 'ecs-deployment', name: 'ecs-deployment', isWayBack: false });
  expect(ecsStepOf({ lifecycleStage: 'PRODUCTION_TRAFFIC_SHIFT' }).isWayBack).toBe(false);
  expect(ecsStepOf({ lifecycleStage: 'TEST_TRAFFIC_SHIFT', executionDetails: {} }).isWayBack).toBe(false);
});
