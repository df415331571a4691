import { guardProvider } from './guarded-provider.ts';
import { NotCharged, OutcomeUnknown, type PaymentProvider } from './provider.ts';

const lines: string[] = [];
const log = (level: string) => (_fields: object, message: string) => void lines.push(`${level}: ${message}`);
const logger = { info: log('info'), warn: log('warn'), error: log('error') } as never;
const limits = { charge: 20, refund: 20, findCharge: 20 };
const request = { key: 'k', amountMinor: 1, currencyCode: 'USD', token: 't', notAfter: new Date() };

let answer: () => Promise<never> | Promise<{ kind: 'captured' }> = async () => ({ kind: 'captured' });
const provider: PaymentProvider = {
  isToken: () => true,
  charge: () => answer(),
  findCharge: () => answer(),
  refund: async () => ({ kind: 'refused', reason: 'Too much.' }),
};
const guarded = guardProvider(provider, logger, limits);
beforeEach(() => void (lines.length = 0));

test.each<[string, () => Promise<never>, unknown]>([
  ['no answer in time', () => new Promise(() => {}), OutcomeUnknown],
  ['an unclear error', () => Promise.reject(new Error('socket hang up')), OutcomeUnknown],
  [
    'an error before the call',
    () => {
      throw new TypeError('no');
    },
    OutcomeUnknown,
  ],
  ['a lost answer', () => Promise.reject(new OutcomeUnknown('lost')), OutcomeUnknown],
  ['an unreachable provider', () => Promise.reject(new NotCharged('away')), NotCharged],
])('%s throws the right error', async (_what, failure, kind) => {
  answer = failure;
  await expect(guarded.charge(request)).rejects.toBeInstanceOf(kind);
  await expect(guarded.findCharge('k')).rejects.toBeInstanceOf(kind);
  answer = async () => ({ kind: 'captured' });
  expect(await guarded.charge(request)).toEqual({ kind: 'captured' });
  expect(lines).toEqual(['warn: the payment provider does not answer', 'info: the payment provider answers again']);
});

test('a failure after the timeout does not become an unhandled rejection', async () => {
  let fail = (_error: Error): void => {};
  answer = () =>
    new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
  await expect(guarded.charge(request)).rejects.toThrow('no answer in 20 ms');
  fail(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
});

test('a refund that the provider refuses is logged as an error', async () => {
  answer = async () => ({ kind: 'captured' });
  await guarded.charge(request);
  lines.length = 0;
  expect(await guarded.refund({ key: 'r', chargeKey: 'k', amountMinor: 1 })).toEqual({
    kind: 'refused',
    reason: 'Too much.',
  });
  expect(lines).toEqual(['error: the payment provider refuses a refund']);
});
