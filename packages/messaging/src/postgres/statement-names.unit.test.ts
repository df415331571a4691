import { plannedEachTime, StatementNames } from './statement-names.ts';

const use = (names: StatementNames, text: string, times: number) =>
  Array.from({ length: times }, () => names.find(text)).at(-1);
const outdated = Object.assign(new Error('outdated'), {
  cause: { originalCode: '0A000', originalMessage: 'cached plan must not change result type' },
});

test('a statement has a name of its own from its fifth use on', () => {
  const names = new StatementNames();
  expect(use(names, 'SELECT 1', 4)).toBeUndefined();
  const name = names.find('SELECT 1');
  expect(name).toMatch(/^s\d+$/);
  expect(names.find('SELECT 1')).toBe(name);
  expect(use(names, 'SELECT 2', 5)).not.toBe(name);
});

test('a statement that is planned each time has none', () => {
  expect(use(new StatementNames(), `${plannedEachTime}SELECT 1`, 9)).toBeUndefined();
});

test('the number of names is bounded, and so is that of the texts that are counted', () => {
  const names = new StatementNames();
  const named = Array.from({ length: 150 }, (_, n) => use(names, `SELECT ${n}`, 5));
  expect(named.filter((name) => name !== undefined)).toHaveLength(100);
  const others = new StatementNames();
  use(others, 'SELECT 1', 4);
  for (let n = 0; n < 2_000; n += 1) others.find(`SELECT $${n}`);
  expect(others.find('SELECT 1')).toBeUndefined();
});

test('a statement whose prepared form is outdated gets another name, and one that failed otherwise keeps its own', async () => {
  const names = new StatementNames();
  const name = use(names, 'SELECT 1', 5);
  const fail = (error: unknown) => names.run('SELECT 1', () => Promise.reject(error));
  await expect(fail(new Error('other'))).rejects.toThrow('other');
  expect(names.find('SELECT 1')).toBe(name);
  await expect(fail(outdated)).rejects.toThrow(outdated);
  expect([undefined, name]).not.toContain(use(names, 'SELECT 1', 5));
  let runs = 0;
  const failOnce = async () => {
    runs += 1;
    if (runs === 1) throw outdated;
    return 'done';
  };
  expect(await names.run('SELECT 1', failOnce, { isAlone: true })).toBe('done');
});
