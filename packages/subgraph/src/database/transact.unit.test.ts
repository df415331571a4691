import { createTransact, isUniqueViolation, type TransactionalClient } from './transact.ts';

const lost = Object.assign(new Error('lost'), { code: 'P2034' });
const deadlock = Object.assign(new Error('deadlock'), {
  code: 'P2010',
  meta: { driverAdapterError: { cause: { originalCode: '40P01' } } },
});
const broken = Object.assign(new Error('broken'), { code: 'P2003' });

/** A client whose transactions fail with these errors in order, and then succeed. */
function clientFailingWith(...errors: Error[]) {
  let attempts = 0;
  const client: TransactionalClient<string> = {
    $transaction: async (work) => {
      attempts += 1;
      const error = errors.shift();
      if (error) throw error;
      return work('tx');
    },
  };
  return { transact: createTransact(client), attempts: () => attempts };
}

test('repeats work that lost against another transaction', async () => {
  const { transact, attempts } = clientFailingWith(lost, deadlock);
  await expect(transact(async (tx) => `done in ${tx}`)).resolves.toBe('done in tx');
  expect(attempts()).toBe(3);
});

test('throws the error after five attempts', async () => {
  const { transact, attempts } = clientFailingWith(lost, lost, lost, lost, lost);
  await expect(transact(async () => 1)).rejects.toBe(lost);
  expect(attempts()).toBe(5);
});

test('throws any other error at once', async () => {
  const { transact, attempts } = clientFailingWith(broken);
  await expect(transact(async () => 1)).rejects.toBe(broken);
  expect(attempts()).toBe(1);
});

test('recognises a unique violation by Prisma’s code, or by PostgreSQL’s for raw SQL', () => {
  expect(isUniqueViolation({ code: 'P2002' })).toBe(true);
  expect(isUniqueViolation({ code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '23505' } } } })).toBe(
    true,
  );
  expect(isUniqueViolation(broken)).toBe(false);
});
