import { plainLine, plainText } from './plain-text.ts';

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
