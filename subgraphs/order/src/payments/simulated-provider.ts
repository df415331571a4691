import { sqlOver } from '@shop/subgraph';
import type { Database, Transaction } from '../db/database.ts';
import {
  NotCharged,
  OutcomeUnknown,
  type Charge,
  type ChargeRequest,
  type PaymentProvider,
  type RefundRequest,
} from './provider.ts';

/** How each token behaves. */
const tokens: Readonly<
  Record<string, 'captured' | 'declined: card' | 'declined: funds' | 'answer lost' | 'unreachable'>
> = {
  tok_visa: 'captured',
  tok_declined: 'declined: card',
  tok_insufficient_funds: 'declined: funds',
  tok_timeout: 'answer lost',
  tok_unavailable: 'unreachable',
};
const reasons: Readonly<Record<string, string>> = {
  'declined: card': 'The card was declined.',
  'declined: funds': 'The account has insufficient funds.',
};

/**
 * A provider that charges nobody. Like a real one it has a memory of its own: tables that only it writes, over its
 * own connections, in transactions that are independent of its caller's.
 */
export function createSimulatedProvider({ transact }: Pick<Database, 'transact'>): PaymentProvider {
  return {
    isToken: (token) => Object.hasOwn(tokens, token),

    async charge(request) {
      const behaviour = Object.hasOwn(tokens, request.token) ? tokens[request.token] : undefined;
      if (behaviour === undefined) throw new NotCharged('the provider does not know the token');
      if (behaviour === 'unreachable') throw new NotCharged('the provider cannot be reached');
      const made = await transact((tx) => remember(tx, request, reasons[behaviour] ?? null));
      if (made === undefined) return { kind: 'too-late' };
      if (!made.matches) throw new Error(`The key ${request.key} was used for another charge.`);
      if (behaviour === 'answer lost' && made.isNew) throw new OutcomeUnknown('the answer of the provider was lost');
      return toCharge(made);
    },

    async findCharge(key) {
      const rows = await transact(async (tx) => {
        await lock(tx, key);
        return sqlOver(tx).query<{ declined: string | null }>('SELECT declined FROM simulated_charges WHERE key = $1', [
          key,
        ]);
      });
      return rows[0] ? toCharge(rows[0]) : null;
    },

    refund: (request) => transact((tx) => giveBack(tx, request)),
  };
}

const toCharge = ({ declined }: { declined: string | null }): Charge =>
  declined === null ? { kind: 'captured' } : { kind: 'declined', reason: declined };

/**
 * Serialises the operations on one charge. It is a separate statement, so that the next one sees what was committed
 * before.
 */
async function lock(tx: Transaction, chargeKey: string): Promise<void> {
  await sqlOver(tx).query(`SELECT pg_advisory_xact_lock(hashtextextended('charge ' || $1, 0))::text`, [chargeKey]);
}

const insertCharge = `
WITH made AS (
  INSERT INTO simulated_charges (key, declined, amount_minor, currency_code)
  SELECT $1, $2, $3::bigint, $4 WHERE clock_timestamp() <= $5::timestamptz
  ON CONFLICT DO NOTHING RETURNING declined
)
SELECT declined, true AS matches, true AS "isNew" FROM made
UNION ALL
SELECT declined, amount_minor = $3::bigint AND currency_code = $4, false FROM simulated_charges WHERE key = $1`;

/** Makes the charge unless one with its key exists. Returns undefined when it is too late. */
async function remember(
  tx: Transaction,
  { key, amountMinor, currencyCode, notAfter }: ChargeRequest,
  declined: string | null,
) {
  await lock(tx, key);
  const rows = await sqlOver(tx).query<{ declined: string | null; matches: boolean; isNew: boolean }>(insertCharge, [
    key,
    declined,
    amountMinor,
    currencyCode,
    notAfter,
  ]);
  return rows[0];
}

const insertRefund = `
WITH charge AS (
  SELECT amount_minor - (SELECT coalesce(sum(amount_minor), 0) FROM simulated_refunds WHERE charge_key = $2) AS rest
    FROM simulated_charges WHERE key = $2 AND declined IS NULL
), made AS (
  INSERT INTO simulated_refunds (key, charge_key, amount_minor)
  SELECT $1, $2, $3::bigint FROM charge WHERE $3::bigint <= rest
  ON CONFLICT DO NOTHING RETURNING true
)
SELECT true FROM made UNION ALL SELECT true FROM simulated_refunds WHERE key = $1 AND charge_key = $2 AND amount_minor = $3::bigint`;

async function giveBack(tx: Transaction, { key, chargeKey, amountMinor }: RefundRequest) {
  await lock(tx, chargeKey);
  const rows = await sqlOver(tx).query(insertRefund, [key, chargeKey, amountMinor]);
  if (rows.length > 0) return { kind: 'refunded' } as const;
  return { kind: 'refused', reason: 'It is more than what is left of the charge.' } as const;
}
