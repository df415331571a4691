import { plainLine, plainText, requiredText } from './plain-text.ts';

test.each([
  ['plain', 'Ada Lovelace', true, true],
  ['emoji and other scripts', '山田 👩‍💻 ‏שלום', true, true],
  ['a line break', 'a\nb', true, false],
  ['a bell', 'a\u0007b', true, false],
  ['an override of the direction', 'a\u202egpj.exe', true, false],
  ['NUL', 'a\0b', false, false],
  ['half a surrogate pair', 'a\ud800', false, false],
  ['too long', 'x'.repeat(41), false, false],
])('%s', (_what, value, isText, isLine) => {
  expect(plainText(40).safeParse(value).success).toBe(isText);
  expect(plainLine(40).safeParse(value).success).toBe(isLine);
});

test('a line is returned in NFC, and its length is counted in that form', () => {
  expect(plainLine(5).parse('Cre\u0300me')).toBe('Crème');
  expect(plainText(6).parse('Cre\u0300me')).toBe('Cre\u0300me');
});

test.each(['\u200b', ' \u200b\u2060 ', '\u00ad', '\u3164', '\u115f', '\u2800', '\ufe0f', '\u0301', '\u{e0001}'])(
  'text that nobody sees is refused where it stands alone: %j',
  (text) => {
    for (const rule of [plainLine(40), requiredText(40)]) {
      expect(rule.safeParse(text).success).toBe(false);
      expect(rule.safeParse(`a${text}`).success).toBe(true);
    }
  },
);

test('an empty line is a matter of the field, a required text is not empty', () => {
  expect(plainLine(40).safeParse(' ').success).toBe(true);
  expect(requiredText(40).safeParse(' ').success).toBe(false);
  for (const text of ['山田', '👩‍💻', 'שלום', 'e\u0301', '-', '𐎠'])
    expect(requiredText(40).safeParse(text).success).toBe(true);
});
