/** With what a command ends. */
export const exitCodes = {
  /** done, nothing to say against it */
  ok: 0,
  /** not done; the message says why */
  failure: 1,
  /** not begun: the arguments are not understood */
  usage: 2,
  /** done, and what was asked about differs, or not everything could be done */
  differs: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
