import type { CheckTiming } from '../../contract/checks';

/** What a check has that nobody gave any options. */
export const TIMING: Omit<CheckTiming, 'id' | 'title'> = {
  initialDelay: 0,
  interval: 60,
  failureLimit: 0,
  consecutiveErrorLimit: 4,
  inconclusiveLimit: 0,
  minSamples: 1,
  observeOnly: false,
};
