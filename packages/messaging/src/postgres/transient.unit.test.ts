import {
  isTimeoutOrConflict,
  isTransientDatabaseError,
  transientAdapterKinds,
  transientPrismaCodes,
  transientSqlStates,
  transientSystemErrors,
} from './transient.ts';

const error = (fields: object, message = 'failed'): Error => Object.assign(new Error(message), fields);

/** One code of each row: a class of two characters stands for its first code. */
const sqlStates = Object.entries(transientSqlStates).map(([code, reason]) => [code.padEnd(5, '0'), reason]);

/** The forms in which a SQLSTATE arrives: from `pg`, from Prisma's queries, and from raw SQL through Prisma. */
function formsOf(code: string | undefined): Error[] {
  const adapterError = error({ name: 'DriverAdapterError', cause: { kind: 'postgres', code, originalCode: code } });
  return [
    error({ code, severity: 'ERROR' }),
    adapterError,
    error({ code: 'P2010', meta: { driverAdapterError: adapterError } }),
    new Error('could not reserve', { cause: error({ code }) }),
  ];
}

test.each(sqlStates)('SQLSTATE %s is transient: %s', (code) => {
  expect(formsOf(code).map(isTransientDatabaseError)).toEqual([true, true, true, true]);
});

test.each(['08006', '08P01', '53000', '53100', '53200', '53300', '53400'])(
  'SQLSTATE %s belongs to a transient class',
  (code) => {
    expect(formsOf(code).map(isTransientDatabaseError)).toEqual([true, true, true, true]);
  },
);

test.each(Object.entries(transientSystemErrors))('the system error %s is transient: %s', (code) => {
  expect(isTransientDatabaseError(error({ code, errno: -1, syscall: 'connect' }))).toBe(true);
  expect(isTransientDatabaseError(new AggregateError([error({ code })]))).toBe(true);
});

test.each(Object.entries(transientPrismaCodes))('Prisma’s code %s is transient: %s', (code) => {
  expect(isTransientDatabaseError(error({ code }))).toBe(true);
  expect(isTransientDatabaseError(error({ errorCode: code }))).toBe(true); // at the start of the client
});

test.each(Object.entries(transientAdapterKinds))('the adapter’s kind %s is transient: %s', (kind) => {
  expect(isTransientDatabaseError(error({ cause: { kind } }))).toBe(true);
});

test.each([
  'Connection terminated unexpectedly',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
])('the message of pg "%s" is transient', (message) => {
  expect(isTransientDatabaseError(error({}, message))).toBe(true);
});

test.each(['57014', '40P01', '55P03', '40001', '25P04'])('SQLSTATE %s may be due to a statement alone', (code) => {
  expect(formsOf(code).map(isTimeoutOrConflict)).toEqual([true, true, true, true]);
});

test.each(['53100', '53300', '08006', '57P01', '25006', '23505'])(
  'SQLSTATE %s is not due to a statement alone',
  (code) => {
    expect(formsOf(code).map(isTimeoutOrConflict)).toEqual([false, false, false, false]);
  },
);

const circular = error({});
circular.cause = circular;
test.each([
  ['23505', 'a violated constraint'],
  ['28P01', 'a wrong password'],
  ['3D000', 'a missing database'],
  ['42501', 'a missing privilege'],
  ['42P01', 'a missing table'],
  ['58P01', 'a missing file of the server'],
  ['XX000', 'a bug of the server'],
  ['XX001', 'corrupted data'],
  ['XX002', 'a corrupted index'],
])('SQLSTATE %s is not transient: %s', (code) => {
  expect(formsOf(code).map(isTransientDatabaseError)).toEqual([false, false, false, false]);
});

test.each([
  ['a missing file', error({ code: 'ENOENT' })],
  ['a missing permission', error({ code: 'EACCES' })],
  ['Prisma: a missing record', error({ code: 'P2025' })],
  [
    'Prisma: wrong raw SQL',
    error({ code: 'P2010', meta: { driverAdapterError: error({ cause: { kind: 'postgres', code: '42601' } }) } }),
  ],
  ['a bug', new TypeError('x is not a function')],
  ['a circular cause', circular],
  ['a code with the name of a member of all objects', error({ code: 'constructor' })],
  ['a code that only begins as a transient class', error({ code: '53' })],
  ['nothing', undefined],
  ['a string', '40001'],
])('%s is not transient', (_name, thrown) => {
  expect(isTransientDatabaseError(thrown)).toBe(false);
});
