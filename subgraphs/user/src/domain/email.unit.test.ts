import { emailKey, isEmail, tidyEmail } from './email.ts';

test('spellings of one e-mail have one key', () => {
  expect(emailKey('Zoe\u0308@Example.com')).toBe(emailKey('zo\u00eb@example.com'));
  expect(emailKey('zoe@example.com')).not.toBe(emailKey('zo\u00eb@example.com'));
  expect(emailKey('x@Bücher.Example')).toBe(emailKey('X@xn--bcher-kva.example'));
  expect(emailKey(' ada@example.com\t')).toBe('ada@example.com');
  expect(emailKey('no address at all')).toBe('no address at all');
  expect(emailKey('part@')).toBe('part@');
});

test('the key of an address that was accepted before is as it was', () => {
  for (const email of ['Ada@Example.COM', "o'brien+x@sub-domain.example.co", 'a_b.c-d@x1.example'])
    expect(emailKey(email)).toBe(email.toLowerCase());
});

const local = (length: number) => 'x'.repeat(length);
test.each([
  'x@bücher.example',
  'sales/eu@example.com',
  "o'brien@example.com",
  'a!#$%&*+/=?^_`{|}~-b@example.com',
  'josé@example.com',
  '山田@例え.テスト',
  'x@xn--bcher-kva.example',
  'a@b.co',
  `${local(64)}@example.com`,
  `x@${local(63)}.example`,
])('%s is an e-mail', (email) => {
  expect(isEmail(tidyEmail(email))).toBe(true);
});

test.each([
  'x@example-.com',
  'x@-example.com',
  `${local(65)}@example.com`,
  `${'é'.repeat(33)}@example.com`,
  `x@${local(64)}.example`,
  `x@${'a.'.repeat(130)}example`,
  'x@exam_ple.com',
  'x@example',
  'x@example..com',
  'x@example.com.',
  'x@192.0.2.1',
  'x@[192.0.2.1]',
  'x@0x7f.1',
  'x@example.com:25',
  'x@example.com/path',
  'x@exam%70le.com',
  'x@exam ple.com',
  'x y@example.com',
  'x@y@example.com',
  '.x@example.com',
  'x.@example.com',
  'x..y@example.com',
  '"x"@example.com',
  'x\u200b@example.com',
  'x\0@example.com',
  '@example.com',
  'example.com',
  'x@',
  '',
])('%j is no e-mail', (email) => {
  expect(isEmail(email)).toBe(false);
});
