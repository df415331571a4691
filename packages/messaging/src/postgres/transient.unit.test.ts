import { isTransientDatabaseError } from './transient.ts';

const error = (fields: object, message = 'failed'): Error => Object.assign(new Error(message), fields);

test.each([
  ['a refused connection', error({ code: 'ECONNREFUSED' })],
  [
    'several refused addresses',
    Object.assign(new AggregateError([error({ code: 'ECONNREFUSED' })]), { code: undefined }),
  ],
  ['a shutdown', error({ code: '57P01' })],
  ['an unfinished start', error({ code: '57P03' })],
  ['a connection exception', error({ code: '08006' })],
  ['too many connections', error({ code: '53300' })],
  ['a serialization failure', error({ code: '40001' })],
  ['a deadlock', error({ code: '40P01' })],
  ['a standby', error({ code: '25006' })],
  ['an ended connection of pg', error({}, 'Connection terminated unexpectedly')],
  ['an exhausted pool of pg', error({}, 'timeout exceeded when trying to connect')],
  ['Prisma: unreachable at the start', error({ errorCode: 'P1001' })],
  ['Prisma: conflict', error({ code: 'P2034' })],
  ['Prisma: pool exhausted', error({ code: 'P2024' })],
  ['Prisma: transaction not started', error({ code: 'P2028' })],
  [
    'Prisma: raw SQL that failed',
    error({
      code: 'P2010',
      meta: { driverAdapterError: error({ cause: { kind: 'TransactionWriteConflict', originalCode: '40001' } }) },
    }),
  ],
  [
    'Prisma: raw SQL ended by the server',
    error({ code: 'P2010', meta: { driverAdapterError: error({ cause: { kind: 'postgres', code: '57P01' } }) } }),
  ],
  ['a cause', new Error('could not reserve', { cause: error({ code: 'ECONNRESET' }) })],
])('%s is transient', (_name, thrown) => {
  expect(isTransientDatabaseError(thrown)).toBe(true);
});

const circular = error({});
circular.cause = circular;
test.each([
  ['a violated constraint', error({ code: '23505' })],
  ['a missing table', error({ code: '42P01' })],
  ['a wrong password', error({ code: '28P01' })],
  ['Prisma: a missing record', error({ code: 'P2025' })],
  [
    'Prisma: wrong raw SQL',
    error({ code: 'P2010', meta: { driverAdapterError: error({ cause: { kind: 'postgres', code: '42601' } }) } }),
  ],
  ['a bug', new TypeError('x is not a function')],
  ['a circular cause', circular],
  ['nothing', undefined],
  ['a string', '40001'],
])('%s is not transient', (_name, thrown) => {
  expect(isTransientDatabaseError(thrown)).toBe(false);
});
