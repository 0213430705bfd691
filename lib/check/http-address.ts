import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';

const METHOD = 'Check.http';

/** The host, or undefined where only deployment knows it: then the check function refuses what is not allowed. */
export function hostOf(url: string, insecure: boolean, inNetwork: boolean): string | undefined {
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
      `\`${METHOD} url\` for host '${parsed.hostname}' holds a user name or password, but has to be public: it would stand readable in the template; give secrets by \`secretHeaders\``,
    );
  }
  if (isOfMachine(parsed.hostname)) {
    throw new GateError(
      'LocalAddress',
      `\`${METHOD} url\` is '${url}', but has to be a host other than the function that asks: loopback and link-local addresses are never asked`,
    );
  }
  if (!inNetwork && isPrivate(parsed.hostname)) {
    throw new GateError(
      'LocalAddress',
      `\`${METHOD} url\` is '${url}', but has to be a public host: the check function stands outside of your networks; give a \`probe\` in the network of that host`,
    );
  }
  return parsed.hostname;
}

// What can be told from the text alone; what a name resolves to is judged when the check runs.

function isOfMachine(host: string): boolean {
  return (
    /^(localhost|.*\.localhost)\.?$/i.test(host) || /^(0|127|169\.254)\./.test(host) || /^\[(::|fe80:)/i.test(host)
  );
}

function isPrivate(host: string): boolean {
  return (
    /^(.*\.local|.*\.internal)\.?$/i.test(host) ||
    /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host) ||
    host.startsWith('[')
  );
}
