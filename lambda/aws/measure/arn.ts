/** What an ARN says. */
export function regionOf(arn: string): string {
  const region = arn.split(':')[3];
  if (region === undefined || !/^[a-z0-9-]+$/.test(region)) {
    throw new BadArn();
  }
  return region;
}

export function accountOf(arn: string | undefined): string | undefined {
  return /^\d{12}$/.exec(arn?.split(':')[4] ?? '')?.[0];
}

export function functionNameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}

class BadArn extends Error {
  override readonly name = 'BadArn';
}
