/** Numbers as people read them. */

/** `0.1234` = `12.3 %`, `49` = `4,900 %`. */
export function percent(share: number, signed = false): string {
  const value = 100 * share;
  const digits = Math.abs(value) < 9.95 ? 1 : 0;
  const rounded = Number(value.toFixed(digits));
  return `${signed && rounded > 0 ? '+' : ''}${rounded === 0 ? 0 : rounded.toLocaleString('en')} %`;
}
