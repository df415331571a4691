/** SQLSTATEs of PostgreSQL after which the same work may succeed, because the work itself is correct. */
const sqlStates = new Set([
  '25006', // a write reached a read-only server during a failover
  '40001',
  '40P01', // serialization failure, deadlock
  '53000',
  '53200',
  '53300',
  '53400', // out of resources or connections
  '55P03', // lock timeout
  '57P01',
  '57P02',
  '57P03',
  '57P05', // the server shuts down, has crashed, starts up, or ended an idle session
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

/** Prisma's codes: unreachable, timed out, connection closed, pool exhausted, transaction not started or ended too soon, conflict. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);

const adapterKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
]);

/** Messages of errors without a code, which `pg` throws when it loses or cannot get a connection. */
const pgMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/;

/** Fields in which libraries keep the cause of an error. */
const nested = ['cause', 'meta', 'driverAdapterError', 'errors'];

/**
 * Returns whether the database caused an error, and not the work: it is unavailable, overloaded, or another transaction
 * conflicted.
 *
 * The check reads codes in the error and its causes. It works with `pg` and with Prisma, and needs neither.
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
