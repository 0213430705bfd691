import { consoleLink } from '../../../lambda/decide/console-only';

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop/view?region=eu-west-1'],
  [
    'cn-north-1',
    'https://cn-north-1.console.amazonaws.cn/codesuite/codepipeline/pipelines/shop/view?region=cn-north-1',
  ],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/codesuite/codepipeline/pipelines/shop/view?region=us-gov-west-1',
  ],
])('the console of %s is linked', (region, link) => {
  expect(consoleLink(region, 'shop')).toBe(link);
});

test('a name that an address cannot hold is encoded', () => {
  expect(consoleLink('eu-west-1', 'shop@main')).toContain('/pipelines/shop%40main/view');
});
