/**
 * States in which the same transaction may well succeed when it is sent again: serialization failure,
 * deadlock, shutdown by the operator or after a crash, server not up yet, too many connections, an
 * input/output error on one node. Connection exceptions (class 08) besides.
 */
const STATES = new Set(['40001', '40P01', '57P01', '57P02', '57P03', '53300', '58030']);

/** What the operating system says of a connection that cannot be made or has gone. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** The driver's own errors have no code. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect)/;

/**
 * Whether an error of the database is of a kind that passes: the connection was lost, the server is
 * restarting, two transactions stood in each other's way. Whether the lost transaction had committed is
 * not known then; only what may run twice may be sent again.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isTransient)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (STATES.has(code) || /^08[0-9A-Z]{3}$/.test(code) || SYSTEM_CODES.has(code)) return true;
  // The socket's file is missing while the server is down; a missing file of ours is another matter.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  // A distributed database says so when it has lost one of its nodes.
  if (code === 'XX000') return /connection/i.test(error.message);
  return MESSAGES.test(error.message) || isTransient(error.cause);
}
