import { formatTable } from './table.ts';

test('prints columns of equal width, and a line break in a cell as a space', () => {
  const rows = [
    ['1', 'two\n lines'],
    ['234', ''],
  ];
  expect(formatTable(['ID', 'ERROR'], rows)).toBe('ID   ERROR\n1    two lines\n234');
});
