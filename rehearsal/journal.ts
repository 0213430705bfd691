import { EventEmitter } from 'node:events';
import type { JournalEntry } from './record';

/** What happened, in words, in order. Emits `entry`. */
export class Journal extends EventEmitter<{ entry: [JournalEntry] }> {
  readonly entries: JournalEntry[] = [];

  constructor(private readonly now: () => string) {
    super();
  }

  add(source: string, text: string, level: JournalEntry['level'] = 'info'): void {
    const entry = { at: this.now(), source, text, level };
    this.entries.push(entry);
    this.emit('entry', entry);
  }
}
