/** Where people see in the AWS console what a check measured. */

/** The consoles of other partitions. */
const DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.cn'],
  ['us-gov-', 'amazonaws-us-gov.com'],
];

/**
 * @param service as in the console's addresses: `cloudwatch`
 * @param place what stands behind the `#`, as people read it
 * @param query what follows it
 */
export function consoleLink(
  service: string,
  region: string,
  place: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const domain = DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws.amazon.com';
  const escaped = place.split('/').map(encodeURIComponent).join('/');
  const asked = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const behind = [escaped.replaceAll('%3A', ':'), ...(asked.length === 0 ? [] : [asked.join('&')])].join('?');
  return `https://${region}.console.${domain}/${service}/home?region=${region}#${behind}`;
}
