/** What the engines need of the world around them; a test stands in for it with a few lines. */
import type { Emitted } from '../aws/surroundings';
import type { Clock } from '../clock';
import type { World } from '../world';

export interface Host extends Pick<World, 'account' | 'region' | 'resources' | 'publish' | 'caller' | 'call'> {
  readonly clock: Clock;
  readonly journal: { add(source: string, text: string, level?: 'info' | 'warning' | 'error'): unknown };
  /** EventBridge, default bus. */
  emit(event: Emitted): unknown;
}

export type BusEvent = Emitted;
