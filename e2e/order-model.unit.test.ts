import { chooseSize } from '@shop/testing/config';
import fc from 'fast-check';
import { comeToRest, run } from './order-model/commands.ts';
import { checkAlways, checkAtRest } from './order-model/invariants.ts';
import { lives, payings, type Command } from './order-model/lives.ts';
import { World, type Bug } from './order-model/world.ts';

const SEQUENCES = chooseSize({ short: 5_000, long: 50_000 });

/** Executes the commands, and checks the invariants after each and at the end. */
function live(commands: readonly Command[], bug: Bug | null): World {
  const world = new World(bug);
  for (const what of commands) {
    run(world, what);
    checkAlways(world);
  }
  comeToRest(world);
  checkAtRest(world);
  return world;
}

test('stock, money and history agree after any sequence of actions, network faults and crashes', () => {
  const reached = new Set<string>();
  const property = fc.property(lives, (commands) => {
    const world = live(commands, null);
    for (const { status } of world.orders.values()) reached.add(`order ${status}`);
    for (const { status, failureReason } of world.payments.values())
      reached.add(`payment ${status}${failureReason === null ? '' : ' with a reason'}`);
  });
  fc.assert(property, { numRuns: SEQUENCES });
  // A state that was never reached was never checked.
  const orders = ['RESERVED', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'FAILED', 'CANCELLED', 'EXPIRED'].map(
    (status) => `order ${status}`,
  );
  const payments = [
    'SUCCEEDED',
    'DECLINED with a reason',
    'FAILED with a reason',
    'REFUNDED',
    'REFUNDED with a reason',
    'PARTIALLY_REFUNDED',
  ];
  expect([...reached]).toEqual(expect.arrayContaining([...orders, ...payments.map((status) => `payment ${status}`)]));
});

test('payments and refunds agree after repeated, late and concurrent payments, and after crashes', () => {
  fc.assert(
    fc.property(payings, (commands) => void live(commands, null)),
    { numRuns: SEQUENCES },
  );
});

// One fixed seed, so that every run finds the same.
test.each(['no dedup', 'no compensation', 'event without state', 'late cancel'] as const)(
  'the checks find a planted bug: %s',
  (bug) => {
    const property = fc.property(lives, (commands) => void live(commands, bug));
    const { failed, counterexample } = fc.check(property, { numRuns: SEQUENCES, seed: 1 });
    expect(failed).toBe(true);
    // Without the bug, the commands that reveal it do no harm.
    expect(() => live(counterexample?.[0] ?? [], null)).not.toThrow();
  },
);
