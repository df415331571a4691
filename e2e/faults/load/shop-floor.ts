import { Login } from '@shop/client';
import { eventually, type Random } from '@shop/testing';
import { registerCustomer, requireMember, type Shop } from '../../shop.ts';
import { patientClient, type PatientClient, newTraffic, type Traffic } from './client.ts';
import { newJournal, type Journal, type Line, type ToldOrder } from './journal.ts';

/** Price of a unit of each product, in minor units. */
export const PRICE = 1_000;
const CUSTOMERS = 6;
const PLENTIFUL = 3;
const PLENTY = 1_000_000;

/** A customer with their own connections. */
export interface Customer extends PatientClient {
  readonly id: string;
}

/** The shared state of all clients of the load. */
export interface ShopFloor {
  /** The scarce product. */
  readonly scarce: string;
  readonly units: number;
  /** Products with enough stock. */
  readonly plentiful: readonly string[];
  readonly customers: readonly Customer[];
  readonly staff: PatientClient;
  readonly journal: Journal;
  readonly traffic: Traffic;
  /** Orders that hold stock and that no client is working on. */
  readonly kept: ToldOrder[];
  /** Paid orders that wait to be packed. */
  readonly toShip: ToldOrder[];
  /**
   * The units of the scarce product that may still be shipped. Shipped units never come back, and demand must meet
   * stock until the end.
   */
  shippable: number;
}

/**
 * Puts the products on sale and signs everybody in before the first fault.
 *
 * @param options.journal has the confirmations that clients of this system got before. Default: there are none.
 * @param options.url where all clients send their requests. Default: the stack's gateway.
 */
export async function openShopFloor(
  shop: Shop,
  units: number,
  { journal = newJournal(), url = shop.stack.graphqlUrl }: { readonly journal?: Journal; readonly url?: string } = {},
): Promise<ShopFloor> {
  const traffic = newTraffic();
  const price = { amount: PRICE, currencyCode: 'USD' };
  const scarce = await shop.newProduct({ name: 'The scarce one', price, initialStock: units });
  const plentiful = await Promise.all(
    Array.from({ length: PLENTIFUL }, () => shop.newProduct({ price, initialStock: PLENTY })),
  );
  const customers = await Promise.all(
    Array.from({ length: CUSTOMERS }, async () => {
      // On a busy machine, hashing all these passwords at once may take longer than a request may.
      const { id, accessToken } = await eventually(() => registerCustomer(shop.anonymous));
      return { id, ...patientClient(url, accessToken, traffic) };
    }),
  );
  const staff = patientClient(url, await signInAsAdmin(shop), traffic);
  return {
    scarce,
    units,
    plentiful,
    customers,
    staff,
    journal,
    traffic,
    kept: [],
    toShip: [],
    shippable: Math.floor(units / 4),
  };
}

async function signInAsAdmin({ anonymous, stack }: Shop): Promise<string> {
  const { login } = await anonymous.request(Login, { input: stack.admin });
  return requireMember(login, 'LoginSuccess').tokens.accessToken;
}

/** The lines of a random order: usually with the scarce product, alone or with others. */
export function drawLines({ scarce, plentiful }: ShopFloor, random: Random): Line[] {
  const others = plentiful
    .filter(() => random.next() < 0.4)
    .map((productId) => ({ productId, quantity: 1 + random.below(3) }));
  const kind = random.next();
  if (kind < 0.4) return [{ productId: scarce, quantity: 1 }];
  if (kind < 0.6) return [...others, { productId: scarce, quantity: 1 + random.below(3) }];
  return others.length > 0 ? others : [{ productId: random.pick(plentiful), quantity: 1 }];
}

/** Removes a random order from a list. */
export function takeAny(orders: ToldOrder[], random: Random): ToldOrder | undefined {
  return orders.splice(random.below(orders.length), 1)[0];
}
