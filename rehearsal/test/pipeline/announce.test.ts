import { PIPELINE, prod, ROLE, SOURCE, stand } from './stand';

describe('the event that a run started', () => {
  test('names the author of a push through a connection', async () => {
    const s = stand([SOURCE, prod()]);
    const id = s.push('abc', 'Sell tea');

    expect(s.events[0]).toMatchObject({
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      detail: {
        'execution-id': id,
        state: 'STARTED',
        'execution-trigger': {
          'author-display-name': 'ana-gh',
          'author-email': 'ana@example.com',
          'author-id': 'ana-gh',
          'commit-id': 'abc',
          'commit-message': 'Sell tea',
        },
      },
    });
  });

  test('names whoever started it by hand', async () => {
    const s = stand([SOURCE, prod()]);
    await s.call('StartPipelineExecution', { name: PIPELINE });

    expect(s.events[0].detail['execution-trigger']).toEqual({
      'trigger-type': 'StartPipelineExecution',
      'trigger-detail': ROLE,
    });
  });
});
