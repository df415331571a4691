import { toNetwork, throttleKey } from './throttle-keys.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0'],
  [null, 'unknown'],
])('%s belongs to the network %s', (ip, network) => {
  expect(toNetwork(ip)).toBe(network);
});

test('different parts give different keys', () => {
  expect(throttleKey('a', 'bc')).not.toBe(throttleKey('ab', 'c'));
});
