import fc from 'fast-check';
import type { OrderStatus } from '../../subgraphs/order/src/domain/order-status.ts';

const pick = fc.nat({ max: 6 });
const behaviour = fc.constantFrom('captured', 'captured', 'declined', 'unavailable' as const);
const status: fc.Arbitrary<OrderStatus> = fc.constantFrom('PROCESSING', 'SHIPPED', 'DELIVERED', 'PAID', 'CANCELLED');

const key = fc.constantFrom('k1', 'k2');
const commands = {
  place: fc.record({ do: fc.constant('place' as const), quantities: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })) }),
  deliver: fc.record({
    do: fc.constant('deliver' as const),
    to: fc.constantFrom('product', 'order' as const),
    pick,
    stays: fc.boolean(),
  }),
  deliverAll: fc.record({ do: fc.constant('deliver all' as const) }),
  cancel: fc.record({ do: fc.constant('cancel' as const), pick }),
  pay: fc.record({ do: fc.constant('pay' as const), pick, key, behaviour }),
  beginPayment: fc.record({ do: fc.constant('begin payment' as const), pick, key }),
  charge: fc.record({ do: fc.constant('charge' as const), pick, behaviour }),
  record: fc.record({ do: fc.constant('record' as const), pick, dies: fc.boolean() }),
  lookUp: fc.record({ do: fc.constant('look up' as const) }),
  timePasses: fc.record({ do: fc.constant('time passes' as const), seconds: fc.constantFrom(1, 9, 20, 61) }),
  expire: fc.record({ do: fc.constant('expire' as const) }),
  staff: fc.record({ do: fc.constant('staff' as const), pick, to: status }),
  refund: fc.record({ do: fc.constant('refund' as const), pick, amount: fc.option(fc.integer({ min: 1, max: 500 })) }),
  carryOutRefund: fc.record({ do: fc.constant('carry out refund' as const), pick, dies: fc.boolean() }),
};
const weighted = (weights: Partial<Record<keyof typeof commands, number>>) =>
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: commands[name as keyof typeof commands],
    })),
  );

/** Any sequence of commands, from an empty system. */
const fromNothing = fc.array(
  weighted({
    place: 2,
    deliver: 5,
    deliverAll: 1,
    cancel: 2,
    pay: 3,
    beginPayment: 1,
    charge: 2,
    record: 2,
    lookUp: 1,
    timePasses: 2,
    expire: 1,
    staff: 3,
    refund: 1,
    carryOutRefund: 1,
  }),
  { maxLength: 60, size: 'max' },
);

/** One order that is paid, and the commands after it. Few random sequences get that far. */
const fromPaid = fc
  .array(weighted({ staff: 8, refund: 1, carryOutRefund: 1, cancel: 1, deliver: 2, timePasses: 1, expire: 1 }), {
    maxLength: 30,
    size: 'max',
  })
  .map((rest): Command[] => [
    { do: 'place', quantities: [1, 2] },
    { do: 'deliver all' },
    { do: 'pay', pick: 0, key: 'k1', behaviour: 'captured' },
    ...rest,
  ]);

/** The commands of customers, staff, clocks, networks and dying processes, in any order. */
export const lives: fc.Arbitrary<Command[]> = fc.oneof(
  { weight: 4, arbitrary: fromNothing },
  { weight: 1, arbitrary: fromPaid },
);

/** One order that is reserved, and every failure during its payment. */
export const payings = fc
  .array(
    weighted({
      beginPayment: 4,
      charge: 5,
      record: 5,
      lookUp: 2,
      timePasses: 2,
      pay: 1,
      expire: 1,
      cancel: 1,
      refund: 1,
      carryOutRefund: 1,
    }),
    { maxLength: 20, size: 'max' },
  )
  .map((rest): Command[] => [{ do: 'place', quantities: [1, 2] }, { do: 'deliver all' }, ...rest]);

export type Command = (typeof commands)[keyof typeof commands] extends fc.Arbitrary<infer Value> ? Value : never;
