/** Lines that an answer over HTTP may have: it is held in memory as a whole. */
export const MOST_LINES = 10_000;

/** How long an answer over HTTP may take. The command line takes the time that it needs. */
export const MOST_MILLISECONDS = 20_000;

/** How long one call to commerce may take for it. */
export const MOST_CALL_MILLISECONDS = 10_000;
