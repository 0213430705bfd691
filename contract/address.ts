/** Addresses of people. Synth asks whether somebody can be asked there, `decide` whether a line of a list names somebody. */

// `*` is legal in an address, but nobody has one: who writes it means everybody of a domain, and SNS would mail nobody.
const LOCAL = /^[A-Za-z0-9.!#$%&'+/=?^_`{|}~-]{1,64}$/;
const DOMAIN =
  /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Whether mail can be sent there: without display name, ASCII only, at most 254 characters. */
export function isAddress(mail: string): boolean {
  const at = mail.lastIndexOf('@');
  const local = mail.slice(0, Math.max(at, 0));
  const dots = local.startsWith('.') || local.endsWith('.') || local.includes('..');
  return mail.length <= 254 && !dots && LOCAL.test(local) && isDomain(domainOf(mail));
}

export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

export function domainOf(mail: string): string {
  return mail.slice(mail.lastIndexOf('@') + 1);
}

/** Mail to `ana+shop@…` arrives at `ana@…`. */
export function mailboxOf(mail: string): string {
  return mail.toLowerCase().replace(/\+[^@]*@/, '@');
}
