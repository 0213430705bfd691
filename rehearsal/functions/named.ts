import type { Resource } from '../template/model';
import { principalOf } from './pool';

/** A function by what people call it: its name, or a part of its path in the app (`decide`). */
export function functionNamed(part: string, all: readonly Resource[]): Resource {
  const wanted = part.toLowerCase();
  const names = (one: Resource): readonly string[] =>
    [principalOf(one), one.physicalId].map((name) => name.toLowerCase());
  const found =
    all.find((one) => names(one).some((name) => name.split('/').includes(wanted))) ??
    all.find((one) => names(one).some((name) => name.includes(wanted)));
  if (found === undefined) {
    throw new Error(`no deployed function is called ${part}: there are ${all.map(principalOf).join(', ')}`);
  }
  return found;
}
