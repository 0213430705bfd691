import { Annotations, Duration, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';
import type { CheckBinding } from './check-binding';
import type { HttpCheckOptions } from './http-options';
import { secondsOf, timingOf, wholeNumber } from './timing';

const METHOD = 'Check.http';

/** An HTTP check needs no permission, only an address that anybody may call. */
export function bindHttp(url: string, options: HttpCheckOptions): (scope: Construct) => CheckBinding {
  mustBeText(`${METHOD} url`, url);
  if (options.contains !== undefined) {
    mustBeText(`${METHOD} contains`, options.contains);
  }
  const insecure = options.allowPlainHttp ?? false;
  const host = hostOf(url, insecure);
  const minStatus = wholeNumber(`${METHOD} minStatus`, options.minStatus ?? 200, 100, 599);
  const maxStatus = wholeNumber(`${METHOD} maxStatus`, options.maxStatus ?? 299, 100, 599);
  if (!Token.isUnresolved(minStatus) && !Token.isUnresolved(maxStatus) && minStatus > maxStatus) {
    throw new GateError(
      'StatusRange',
      `\`${METHOD} minStatus\` is ${minStatus}, but has to be at most \`maxStatus\`, which is ${maxStatus}`,
    );
  }
  const { contains } = options;
  if (contains !== undefined && !Token.isUnresolved(contains) && (contains === '' || contains.length > 200)) {
    throw new GateError(
      'BadContains',
      `\`${METHOD} contains\` has ${contains.length} characters, but has to have 1 to 200: leave it out if the body does not matter`,
    );
  }
  const timing = timingOf(METHOD, options, host === undefined ? 'http' : `http ${host}`.slice(0, 80));
  const timeoutSeconds = secondsOf(`${METHOD} timeout`, options.timeout ?? Duration.seconds(5), 1, 20);
  const draft = {
    ...timing,
    kind: 'http' as const,
    url,
    minStatus,
    maxStatus,
    timeoutSeconds,
    ...(contains === undefined ? {} : { contains }),
    ...(insecure ? { insecure } : {}),
  };
  return (scope) => {
    warnOfWideRange(scope, timing.title, minStatus, maxStatus);
    return { draft, statements: [] };
  };
}

/** A range from success to errors of the server fails for nothing but silence. */
function warnOfWideRange(scope: Construct, title: string, minStatus: number, maxStatus: number): void {
  if (!Token.isUnresolved(minStatus) && !Token.isUnresolved(maxStatus) && minStatus < 400 && maxStatus >= 500) {
    Annotations.of(scope).addWarningV2(
      'cdk-approval-gates:Check.serverErrorsHealthy',
      `check '${title}' takes every status from ${minStatus} to ${maxStatus} for healthy, errors of the server included: ` +
        'narrow `minStatus` and `maxStatus`, or acknowledge this with the reason',
    );
  }
}

/** The host, or undefined where only deployment knows it: then the check function refuses what is not allowed. */
function hostOf(url: string, insecure: boolean): string | undefined {
  const allowed = insecure ? '`https://…` or `http://…`' : '`https://…`';
  if (Token.isUnresolved(url)) {
    // As far as the text before the first token goes.
    const literal = url.slice(0, Math.max(url.indexOf('${Token['), 0));
    const schemes = insecure ? ['https://', 'http://'] : ['https://'];
    if (literal !== '' && !schemes.some((scheme) => literal.startsWith(scheme) || scheme.startsWith(literal))) {
      throw new GateError('BadUrl', `\`${METHOD} url\` starts with '${literal}', but has to be ${allowed}`);
    }
    return undefined;
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !(parsed.protocol === 'https:' || parsed.protocol === 'http:') || url.length > 1000) {
    throw new GateError(
      'BadUrl',
      `\`${METHOD} url\` is '${url.slice(0, 100)}', but has to be ${allowed}, at most 1000 characters`,
    );
  }
  if (parsed.protocol === 'http:' && !insecure) {
    throw new GateError(
      'PlainHttp',
      `\`${METHOD} url\` is '${url}', but has to be https: anybody on the way could answer; set \`allowPlainHttp: true\` if that is fine`,
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new GateError(
      'SecretInUrl',
      `\`${METHOD} url\` for host '${parsed.hostname}' holds a user name or password, but has to be public: it would stand readable in the template; use \`Check.lambda\` for addresses that need a secret`,
    );
  }
  if (isLocal(parsed.hostname)) {
    throw new GateError(
      'LocalAddress',
      `\`${METHOD} url\` is '${url}', but has to be a public host: the check function stands outside of your networks; use \`Check.lambda\` with a function inside`,
    );
  }
  return parsed.hostname;
}

/** What can be told from the text alone; names that resolve to private addresses are refused when the check runs. */
function isLocal(host: string): boolean {
  return (
    /^(localhost|.*\.localhost|.*\.local|.*\.internal)\.?$/i.test(host) ||
    /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host) ||
    host.startsWith('[')
  );
}
