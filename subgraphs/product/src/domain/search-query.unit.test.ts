import { toTsquery, splitWords } from './search-query.ts';

describe('the words of a search', () => {
  test.each([
    ['Phone case', ['phone', 'case']],
    ['  USB-C  cable ', ['usb', 'c', 'cable']],
    ["women's", ['womens']],
    ['"red" & !shoes | (a:*) <-> b\\', ['red', 'shoes', 'a', 'b']],
    ["'; DROP TABLE products; --", ['drop', 'table', 'products']],
    ['a\0b', ['a', 'b']],
    ['\ud800x\udc00', ['x']],
    ['📱', []],
    ['   ', []],
    ['Größe Ärmel 電話', ['größe', 'ärmel', '電話']],
    ['same same', ['same']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  test('are limited in number and length', () => {
    expect(splitWords('x'.repeat(10_000))).toEqual(['x'.repeat(500)]);
    expect(splitWords(Array.from({ length: 5_000 }, (_, index) => index).join(' '))).toHaveLength(12);
  });
});

test('the last word also matches as a prefix, unless it is one character', () => {
  expect(toTsquery([['red'], ['pho']])).toBe(`('red') & ('pho':*)`);
  expect(toTsquery([['x']])).toBe(`('x')`);
  expect(toTsquery([['fone', 'phone', 'phones']])).toBe(`('fone':* | 'phone':* | 'phones':*)`);
});
