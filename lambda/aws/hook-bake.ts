import { Env } from '../../contract/names';
import { env } from './env';

/** How long a hook watches its checks. Anything else than a number of minutes would end the bake at once. */
export function hookBakeMinutes(): number {
  const text = env(Env.HOOK_BAKE_MINUTES);
  if (!/^\d{1,5}$/.test(text)) {
    throw new Error('the bake time of the hook is not a number of minutes');
  }
  return Number(text);
}
