/** What the engines need of the world around them; a test stands in for it with a few lines. */
import type { Clock } from '../clock';
import type { World } from '../world';

export interface Host extends Pick<World, 'account' | 'region' | 'resources' | 'publish' | 'emit' | 'caller'> {
  readonly clock: Clock;
  readonly journal: Pick<World['journal'], 'add'>;
}

export type BusEvent = Parameters<World['emit']>[0];
