import { selectColumns } from './select-columns.ts';

test('each field is selected from its column in snake_case', () => {
  expect(selectColumns('p', { id: 'id', priceMinor: 'priceMinor' })).toBe(
    'p.id AS "id", p.price_minor AS "priceMinor"',
  );
});
