import { splitWords, toSearchTerms } from './search-query.ts';

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
    ['Größe Ärmel 電話', ['grosse', 'armel', '電話']],
    ['T–Shirt T—Shirt «x»', ['t', 'shirt', 'x']],
    ['O’Brien O‘Brien OʼBrien', ['obrien']],
    ['Cre\u0300me Crème', ['creme']],
    ['ＡＢＣ ﬁn x²', ['abc', 'fin', 'x2']],
    ['ΣΊΣΥΦΟΣ Σίσυφος', ['σισυφοσ']],
    ['İstanbul ıstanbul', ['istanbul']],
    ['STRASSE Straße STRAẞE', ['strasse']],
    ['łódź smørrebrød Œuvre', ['lodz', 'smorrebrod', 'oeuvre']],
    ['が ｶﾞ', ['が', 'ガ']],
    ['手机iPhone壳 가나', ['手机', 'iphone', '壳', '가나']],
    ['हिन्दी', ['हिन्दी']],
    ['Kaffee\u00admaschine', ['kaffeemaschine']],
    ['same same', ['same']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  test('are limited in number and length', () => {
    expect(splitWords('x'.repeat(10_000))).toEqual(['x'.repeat(100)]);
    expect(splitWords(Array.from({ length: 5_000 }, (_, index) => index).join(' '))).toHaveLength(12);
  });
});

test('a term of several words has a space between them', () => {
  expect(toSearchTerms([['red'], ['fone', 'phone']])).toEqual(['red', 'fone phone']);
});
