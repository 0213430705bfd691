import { CodeDeployCalls } from '../../deploy/codedeploy-calls';
import { couldNot } from '../../deploy/failed-call';
import { AwsError } from '../../service';

class Calls extends CodeDeployCalls {
  public readonly asked = this.call('lambda', 'UpdateAlias', {});
}

const refusedBy = (code: string) =>
  new Calls(
    {
      call: () => Promise.reject(new AwsError(code, 'no')),
      caller: (arn) => ({ principal: 'test', arn, roleArn: arn }),
    },
    undefined,
  ).asked;

test.each([
  ['AccessDeniedException', 'IAM_ROLE_PERMISSIONS: no'],
  ['AccessDenied', 'IAM_ROLE_PERMISSIONS: no'],
  ['ThrottlingException', 'THROTTLED: ThrottlingException: no'],
  ['TooManyRequestsException', 'THROTTLED: TooManyRequestsException: no'],
  ['ResourceNotFoundException', 'ResourceNotFoundException: no'],
])('CodeDeploy says of %s what it is', async (code, said) => {
  expect(await refusedBy(code)).toBe(said);
});

test.each([
  ['AccessDenied', 'ECS may not do this: no'],
  ['Throttling', 'ECS could not do this: Throttling: no'],
  ['TargetGroupNotFound', 'ECS could not do this: TargetGroupNotFound: no'],
])('ECS says of %s what it is', (code, said) => {
  expect(couldNot('ECS', new AwsError(code, 'no'))).toBe(said);
});
