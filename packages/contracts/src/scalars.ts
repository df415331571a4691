import { z } from 'zod';

/** An entity's id. */
export const id = z.uuid();
/** RFC 3339 in UTC. */
export const instant = z.iso.datetime();
/** ISO 4217. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
/** Integer amount in the currency's minor unit. */
export const minorUnits = z.int();
/** Grows by one with each change of the aggregate, so that late events can be recognised. */
export const sequence = z.int().nonnegative();
export const quantity = z.int().positive();
