import { randomBytes } from 'node:crypto';
import { createAddressSealer } from './address-sealer.ts';

const email = 'zoë@bücher.example';
const sealer = createAddressSealer(randomBytes(32));

test('an e-mail opens with its key and owner, and looks different each time it is sealed', () => {
  const sealed = [sealer.seal(email, 'change'), sealer.seal(email, 'change')] as const;
  expect(sealed.map((each) => sealer.open(each, 'change'))).toEqual([email, email]);
  expect(sealed[0]).not.toEqual(sealed[1]);
  for (const each of sealed) expect(Buffer.from(each).toString('latin1')).not.toContain('example');
});

test('nothing else opens it', () => {
  const sealed = sealer.seal(email, 'change');
  expect(createAddressSealer(randomBytes(32)).open(sealed, 'change')).toBeNull();
  expect(sealer.open(sealed, 'another change')).toBeNull();
  for (const index of sealed.keys()) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
    expect(sealer.open(changed, 'change')).toBeNull();
  }
  expect(sealer.open(sealed.subarray(0, 10), 'change')).toBeNull();
  expect(sealer.open(new Uint8Array(), 'change')).toBeNull();
});
