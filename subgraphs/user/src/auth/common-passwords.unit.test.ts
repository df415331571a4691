import { isCommonPassword } from './common-passwords.ts';

test.each([
  '1qaz2wsx3edc',
  'motherfucker',
  'QWERTY123456',
  'administrator',
  '123456789012',
  'Password2024!!',
  '!!!dragon!!!!!!!!!',
  'passwordpassword',
  'aaaaaaaaaaaa',
  'abcdabcdabcda',
  '            ',
  'ｐａｓｓｗｏｒｄ１２３４',
])('%j is common', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each([
  'correct horse battery staple',
  'Tr0ub4dor&3-and-more',
  'x9Kd-2mQp_71Lz',
  '840273915526',
  'пароль для магазина',
  'dragon slayer of old',
])('%j is not common', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});
