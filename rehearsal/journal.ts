import { EventEmitter } from 'node:events';
import { keepLatest } from './kept';
import type { JournalEntry } from './record';

const MOST_ENTRIES = 20_000;

/** What happened, in words, in order. Emits `entry`. */
export class Journal extends EventEmitter<{ entry: [JournalEntry] }> {
  readonly entries: JournalEntry[] = [];

  constructor(private readonly now: () => string) {
    super();
  }

  add(source: string, text: string, level: JournalEntry['level'] = 'info'): void {
    const entry = { at: this.now(), source, text, level };
    this.entries.push(entry);
    keepLatest(this.entries, MOST_ENTRIES);
    this.emit('entry', entry);
  }
}
