import {
  createTransact,
  isForeignKeyViolation,
  isUniqueViolation,
  noteChange,
  type TransactionalClient,
} from './transact.ts';

const lost = Object.assign(new Error('lost'), { code: 'P2034' });
const deadlock = Object.assign(new Error('deadlock'), {
  code: 'P2010',
  meta: { driverAdapterError: { cause: { originalCode: '40P01' } } },
});
const broken = Object.assign(new Error('broken'), { code: 'P2003' });

/** A client whose transactions fail with these errors in order, and then succeed. */
function clientFailingWith(...errors: Error[]) {
  let attempts = 0;
  const committed: unknown[] = [];
  const client: TransactionalClient<{ attempt: number }> = {
    $transaction: async (work) => {
      attempts += 1;
      const result = await work({ attempt: attempts });
      const error = errors.shift();
      if (error) throw error;
      return result;
    },
  };
  const transact = createTransact(client, (note) => committed.push(note));
  return { transact, committed, attempts: () => attempts };
}

test('repeats work that lost against another transaction', async () => {
  const { transact, attempts } = clientFailingWith(lost, deadlock);
  await expect(transact(async ({ attempt }) => `done in ${attempt}`)).resolves.toBe('done in 3');
  expect(attempts()).toBe(3);
});

test('notes of changes are handed out once, after the attempt that commits, and never after a rollback', async () => {
  const { transact, committed } = clientFailingWith(lost);
  await transact(async (tx) => {
    noteChange(tx, `first of ${tx.attempt}`);
    noteChange(tx, `second of ${tx.attempt}`);
    expect(committed).toEqual([]);
  });
  expect(committed).toEqual(['first of 2', 'second of 2']);

  const failing = clientFailingWith(broken);
  await expect(failing.transact(async (tx) => noteChange(tx, 'lost'))).rejects.toBe(broken);
  expect(failing.committed).toEqual([]);
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

test('a broken reference is recognised in both forms', () => {
  expect(isForeignKeyViolation({ code: 'P2003' })).toBe(true);
  expect(
    isForeignKeyViolation({ code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '23503' } } } }),
  ).toBe(true);
  expect(isForeignKeyViolation({ code: 'P2002' })).toBe(false);
});
