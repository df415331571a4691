import { emailKey } from './email.ts';

test('spellings of one e-mail have one key', () => {
  expect(emailKey('Zoe\u0308@Example.com')).toBe(emailKey('zo\u00eb@example.com'));
  expect(emailKey('zoe@example.com')).not.toBe(emailKey('zo\u00eb@example.com'));
});
