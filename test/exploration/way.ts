import { createHash } from 'node:crypto';

/** How each state was reached first; states are known by the MD5 of what they say. */
export class Way {
  private readonly seen = new Set<string>();
  private readonly parents: number[] = [];
  private readonly moves: number[] = [];
  private readonly said = new Map<string, number>();
  private at = 0;
  private last = (): string => '';

  get size(): number {
    return this.seen.size;
  }

  add(parent: number, words: () => string, key: string): boolean {
    const before = this.seen.size;
    this.seen.add(createHash('md5').update(key).digest('base64url'));
    if (this.seen.size === before) {
      return false;
    }
    const text = words();
    const number = this.said.get(text) ?? this.said.size;
    this.said.set(text, number);
    this.parents.push(parent);
    this.moves.push(number);
    return true;
  }

  mark(index: number): (words: () => string) => void {
    this.at = index;
    return (words) => {
      this.last = words;
    };
  }

  words(): readonly string[] {
    const words = [this.last()];
    const texts = [...this.said.keys()];
    for (let one = this.at; one >= 0; one = this.parents[one] ?? -1) {
      words.unshift(texts[this.moves[one] ?? 0] ?? '');
    }
    return words;
  }
}
