/** The Region in an ARN. */
export function regionOf(arn: string): string {
  const region = arn.split(':')[3];
  if (region === undefined || !/^[a-z0-9-]+$/.test(region)) {
    throw new BadArn();
  }
  return region;
}

class BadArn extends Error {
  override readonly name = 'BadArn';
}
