/** PostgreSQL's SQLSTATEs after which the same work may well succeed: nothing is wrong with the work itself. */
const sqlStates = new Set([
  '25006', // a write reached a server that is read-only: a failover is under way
  '40001',
  '40P01', // serialization failure, deadlock
  '53000',
  '53200',
  '53300',
  '53400', // out of resources or connections
  '55P03', // a lock was not to be had in time
  '57P01',
  '57P02',
  '57P03',
  '57P05', // the server shuts down, crashed, starts up, or ended an idle session
]);
const connectionException = /^08[0-9A-Z]{3}$/;

const systemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Prisma: unreachable, timed out, connection closed, pool exhausted, transaction not started or ended too soon, conflict. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);

const adapterKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
]);

/** What `pg` throws without a code when a connection is lost or cannot be had. */
const pgMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/;

/** Where libraries keep the error that caused theirs. */
const nested = ['cause', 'meta', 'driverAdapterError', 'errors'];

/**
 * Whether an error says that the database, and not the work, is at fault: it is away, overloaded, or another transaction was in the way.
 *
 * Recognised by codes in the error and its causes, so that it holds for `pg` and for Prisma without knowing either.
 */
export function isTransientDatabaseError(error: unknown): boolean {
  return isTransientWithin(error, 6);
}

function isTransientWithin(error: unknown, depth: number): boolean {
  if (depth === 0 || typeof error !== 'object' || error === null) return false;
  const fields = error as Record<string, unknown>;
  const codes = ['code', 'errorCode', 'originalCode', 'kind'].map((name) => fields[name]);
  if (codes.some((code) => typeof code === 'string' && isTransientCode(code))) return true;
  if (error instanceof Error && pgMessages.test(error.message)) return true;
  return nested.some((name) => [fields[name]].flat().some((inner) => isTransientWithin(inner, depth - 1)));
}

function isTransientCode(code: string): boolean {
  return (
    sqlStates.has(code) ||
    connectionException.test(code) ||
    systemErrors.has(code) ||
    prismaCodes.has(code) ||
    adapterKinds.has(code)
  );
}
