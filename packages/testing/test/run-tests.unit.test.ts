import path from 'node:path';
import { findUnexpectedSkips } from '../src/run-tests/allowed-skips.ts';
import { readSelection, selectStockEngine } from '../src/run-tests/read-selection.ts';

const root = process.cwd();
const read = (...args: string[]) => readSelection(args, { root, checks: ['types', 'lint'] });

describe('the arguments of npm test', () => {
  test('select everything by default', () => {
    expect(read()).toMatchObject({
      checks: ['types', 'lint'],
      tiers: ['unit', 'component', 'composition', 'e2e'],
      paths: [],
    });
  });

  test('select steps in the order in which they run', () => {
    expect(read('e2e', 'lint', 'unit')).toMatchObject({ checks: ['lint'], tiers: ['unit', 'e2e'], paths: [] });
  });

  test('select files and folders', () => {
    expect(read('e2e/faults', './packages/testing/', '--watch')).toMatchObject({
      checks: [],
      tiers: [],
      paths: ['e2e/faults', 'packages/testing'],
      isWatching: true,
    });
  });

  test('measure coverage without the end-to-end tests, unless these are selected', () => {
    expect(read('--coverage')).toMatchObject({ checks: [], tiers: ['unit', 'component', 'composition'] });
    expect(read('--coverage', 'e2e')).toMatchObject({ tiers: ['e2e'], hasCoverage: true });
  });

  test('repeat failed files only when they are asked to', () => {
    expect(read().repeatsFailed).toBe(false);
    expect(read('--repeat-failed')).toMatchObject({
      repeatsFailed: true,
      tiers: ['unit', 'component', 'composition', 'e2e'],
    });
  });

  test('choose the engine of the gateways', () => {
    expect(read().engine).toBe('own');
    expect(read('--engine=stock', 'component')).toMatchObject({ tiers: ['component'], engine: 'stock' });
  });

  test('repeat the tests of the gateway with the stock engine in the whole long form alone', () => {
    expect(selectStockEngine(read('--long'))).toMatchObject({
      checks: [],
      tiers: ['component'],
      paths: ['gateway'],
      engine: 'stock',
      isLong: true,
    });
    for (const args of [[], ['--long', 'component'], ['--long', 'packages'], ['--long', '--engine=stock']])
      expect(selectStockEngine(read(...args))).toBeUndefined();
  });

  test.each([
    [['nothing'], 'There is no step and no file "nothing". Steps: types, lint, unit, component, composition, e2e.'],
    [['--engine=other'], 'There is no engine "other". Engines: own, stock.'],
    [['unit', 'packages'], 'Give steps (unit) or paths (packages), not both.'],
    [['--watch'], '--watch takes a tier or a path: npm test -- gateway --watch'],
    [['--fast'], /^Unknown option '--fast'\. See: npm test -- --help$/],
    [['--watch=yes'], /^Option '--watch' does not take an argument\. See: npm test -- --help$/],
  ])('rejects %j with a sentence', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});

describe('skipped tests', () => {
  const list = [{ file: 'a.unit.test.ts', title: /in a browser$/, reason: 'no Chromium' }];
  const skip = (file: string, title: string) => ({ file: path.join(root, file), title });

  test('are allowed with the reason that the list has for them', () => {
    expect(findUnexpectedSkips([skip('a.unit.test.ts', 'draws in a browser')], root, list)).toEqual({
      allowed: [{ file: 'a.unit.test.ts', title: 'draws in a browser', reason: 'no Chromium' }],
      unexpected: [],
    });
  });

  test('are unexpected in another file or with another title', () => {
    const skipped = [skip('a.unit.test.ts', 'draws'), skip('b.unit.test.ts', 'draws in a browser')];
    expect(findUnexpectedSkips(skipped, root, list)).toMatchObject({ allowed: [], unexpected: [{}, {}] });
  });
});
