/**
 * SQLSTATEs of PostgreSQL after which the same work may succeed, because the work itself is correct. A class of two characters stands
 * for all its codes.
 *
 * Not listed, because waiting does not help and a person must act: XX000 to XX002 (a bug, corrupted data), 28xxx and 3D000 (wrong
 * password, missing database), 42501 (missing privilege), 58P01 (a file of the server is missing).
 */
export const transientSqlStates: Readonly<Record<string, string>> = {
  '08': 'the connection failed',
  '25006': 'the server is read-only, as after a failover',
  '25P03': 'the server ended the transaction, because this process paused for too long',
  '25P04': 'the transaction took too long',
  '40000': 'the transaction was rolled back',
  '40001': 'a concurrent transaction won',
  '40003': 'it is unknown whether the statement completed',
  '40P01': 'deadlock',
  '53': 'disk full, out of memory, files or connections, or over a configured limit',
  '55P03': 'lock timeout',
  '57014': 'statement timeout, or an operator cancelled the statement',
  '57P01': 'the server shuts down',
  '57P02': 'the server crashed',
  '57P03': 'the server starts up or recovers',
  '57P04': 'the database was dropped, as for a restore',
  '57P05': 'the session was idle for too long',
  '58000': 'an error of the operating system',
  '58030': 'a disk does not read or write',
};

/** Errors of the operating system, from the connection to a server or from this host. */
export const transientSystemErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at the address',
  ECONNRESET: 'the connection broke',
  ECONNABORTED: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no route to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'no route to the network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'no local port is free',
  ENOBUFS: 'no memory for network buffers',
  ENOMEM: 'out of memory',
  EMFILE: 'too many open files in the process',
  ENFILE: 'too many open files on the host',
  ENOSPC: 'disk full',
  EDQUOT: 'disk quota used up',
  EROFS: 'the disk is read-only, as after an error of the disk',
  EIO: 'a disk does not read or write',
};

/** Codes of Prisma's client. `P2010`, raw SQL that failed, has PostgreSQL's code inside. */
export const transientPrismaCodes: Readonly<Record<string, string>> = {
  P1001: 'unreachable',
  P1002: 'timed out',
  P1008: 'timed out',
  P1017: 'the connection was closed',
  P2024: 'no connection of the pool became free',
  P2028: 'the transaction did not start or took too long',
  P2034: 'a concurrent transaction won',
  P2037: 'too many connections',
};

/** Kinds of errors of Prisma's driver adapter. The kind `postgres` has PostgreSQL's code beside it. */
export const transientAdapterKinds: Readonly<Record<string, string>> = {
  DatabaseNotReachable: 'unreachable',
  ConnectionClosed: 'the connection was closed',
  SocketTimeout: 'timed out',
  TooManyConnections: 'too many connections',
  TransactionWriteConflict: 'a concurrent transaction won',
};

/** Messages of errors without a code, which `pg` throws when it loses or cannot get a connection, or gets no answer. */
const pgMessages = new RegExp(
  '^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|' +
    'Client has encountered a connection error)',
);

/** Those of the codes above that one statement may cause each time, while the database works: timeouts and conflicts. */
const timeoutsAndConflicts: ReadonlySet<string> = new Set([
  ...['25P03', '25P04', '40000', '40001', '40003', '40P01', '55P03', '57014'],
  ...['P1008', 'P2028', 'P2034', 'SocketTimeout', 'TransactionWriteConflict'],
]);

/** Fields in which libraries keep the cause of an error. */
const nested = ['cause', 'meta', 'driverAdapterError', 'errors'];

/**
 * Returns whether the database caused an error, and not the work: it is unavailable, overloaded or out of space, or another
 * transaction conflicted. Requests then get SERVICE_UNAVAILABLE, and a message waits without counting a failed attempt.
 *
 * The check reads codes in the error and its causes. It works with `pg` and with Prisma, and needs neither.
 */
export function isTransientDatabaseError(error: unknown): boolean {
  return someCause(error, (fields) => hasCode(fields, isTransientCode) || isPgFailure(fields));
}

/** Returns whether a transient error may be due to the statement, so that it says little about the database. */
export function isTimeoutOrConflict(error: unknown): boolean {
  return someCause(error, (fields) => hasCode(fields, (code) => timeoutsAndConflicts.has(code)));
}

type Fields = Readonly<Record<string, unknown>>;

/** Looks at an error and its causes, some levels deep. */
function someCause(error: unknown, isWanted: (fields: Fields) => boolean, depth = 6): boolean {
  if (depth === 0 || typeof error !== 'object' || error === null) return false;
  const fields = error as Fields;
  return (
    isWanted(fields) ||
    nested.some((name) => [fields[name]].flat().some((inner) => someCause(inner, isWanted, depth - 1)))
  );
}

function hasCode(fields: Fields, isWanted: (code: string) => boolean): boolean {
  return ['code', 'errorCode', 'originalCode', 'kind'].some((name) => {
    const code = fields[name];
    return typeof code === 'string' && isWanted(code);
  });
}

function isPgFailure(fields: Fields): boolean {
  return fields instanceof Error && pgMessages.test(fields.message);
}

const sqlState = /^[0-9A-Z]{5}$/;

function isTransientCode(code: string): boolean {
  const sqlKeys = sqlState.test(code) ? [code, code.slice(0, 2)] : [];
  return (
    sqlKeys.some((key) => Object.hasOwn(transientSqlStates, key)) ||
    [transientSystemErrors, transientPrismaCodes, transientAdapterKinds].some((table) => Object.hasOwn(table, code))
  );
}
