import { regionOf } from '../../../../lambda/aws/measure/arn';

test('an ARN tells its Region', () => {
  expect(regionOf('arn:aws:lambda:us-east-1:111111111111:function:smoke')).toBe('us-east-1');
});

test.each([
  'shop',
  'arn:aws:s3:::bucket',
  'arn:aws:x:eu west-1:1:y',
  'arn:aws:x:eu-west-1/evil:1:y',
  'arn:aws:x:@eu:1:y',
])('%s has none', (arn) => {
  expect(() => regionOf(arn)).toThrow();
});
