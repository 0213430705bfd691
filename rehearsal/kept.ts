/** Shortens a list in place when it has grown to twice `most`, to its latest `most`. For what grows with time. */
export function keepLatest(list: unknown[], most: number): void {
  if (list.length >= 2 * most) {
    list.splice(0, list.length - most);
  }
}
