import { consoleLink } from '../../../../lambda/aws/measure/console-link';

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/shop-5xx'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/shop-5xx'],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/shop-5xx',
  ],
])('in %s it is %s', (region, link) => {
  expect(consoleLink('cloudwatch', region, 'alarmsV2:alarm/shop-5xx')).toBe(link);
});

test('names cannot lead elsewhere', () => {
  expect(consoleLink('cloudwatch', 'eu-west-1', 'alarmsV2:alarm/"><script>& x')).toMatch(
    /#alarmsV2:alarm\/%22%3E%3Cscript%3E%26%20x$/,
  );
});
