import type { IConstruct } from 'constructs';

const said = new WeakSet<IConstruct>();

/** Says that a construct of ours finds what is wrong with this resource by itself: one finding for one trap. */
export function findsItself(resource: IConstruct | undefined): void {
  if (resource !== undefined) {
    said.add(resource);
  }
}

export function hasOwnFindings(resource: IConstruct): boolean {
  return said.has(resource);
}
