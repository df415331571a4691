import type { Difference } from '../difference.ts';
import type { Snapshot } from '../snapshot.ts';

interface Pair {
  readonly id: string;
  readonly theirs: string | null;
  readonly ours: string | null;
  readonly status: string | null;
}

/** The provider has charged what we have captured. A payment that has no outcome yet is not compared. */
export async function checkCharges(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Pair>(`
    SELECT coalesce(p.id::text, c.key) AS id, c.amount_minor || ' ' || c.currency_code AS theirs,
           p.amount_minor || ' ' || p.currency_code AS ours, p.status::text
      FROM (SELECT * FROM simulated_charges WHERE declined IS NULL) c
      FULL JOIN every_payment p ON p.id::text = c.key
     WHERE CASE
             WHEN p.id IS NULL THEN true
             WHEN p.status IN ('SUCCEEDED', 'PARTIALLY_REFUNDED', 'REFUNDED')
               THEN (c.amount_minor, c.currency_code) IS DISTINCT FROM (p.amount_minor, p.currency_code)
             ELSE c.key IS NOT NULL AND p.status <> 'PENDING'
           END
     ORDER BY 1`);
  return rows.map(({ id, theirs, ours, status }) => ({
    check: 'provider',
    subject: `payment ${id}`,
    message:
      ours === null
        ? `the provider has charged ${theirs}, and there is no such payment`
        : `the provider has charged ${theirs ?? 'nothing'}, and it is ${status} with ${ours}`,
  }));
}

/** The provider has refunded what we have recorded as refunded. */
export async function checkProviderRefunds(snapshot: Snapshot): Promise<Difference[]> {
  const rows = await snapshot.query<Pair>(`
    SELECT coalesce(r.id::text, b.key) AS id, b.amount_minor || ' of ' || b.charge_key AS theirs,
           r.amount_minor || ' of ' || r.payment_id AS ours, r.status::text
      FROM simulated_refunds b
      FULL JOIN every_refund r ON r.id::text = b.key
     WHERE CASE
             WHEN r.id IS NULL THEN true
             WHEN r.status = 'SUCCEEDED' OR b.key IS NOT NULL
               THEN (b.amount_minor, b.charge_key) IS DISTINCT FROM (r.amount_minor, r.payment_id::text)
             ELSE false
           END
     ORDER BY 1`);
  return rows.map(({ id, theirs, ours, status }) => ({
    check: 'provider',
    subject: `refund ${id}`,
    message:
      ours === null
        ? `the provider has refunded ${theirs}, and there is no such refund`
        : `the provider has refunded ${theirs ?? 'nothing'}, and it is ${status} with ${ours}`,
  }));
}
