/** How emails to one person are gathered, where a workflow does so. */

/** The shortest and the longest time for which they may be gathered. */
export const DIGEST_MINUTES = { LEAST: 5, MOST: 240 } as const;

/** An email is gathered only where its reader has at least so many times as long left to answer. */
export const TIMES_LEFT = 4;
