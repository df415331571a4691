import { z } from 'zod';
import { publicProduct } from './product.ts';
import { currencyCode, id, instant, minorUnits, quantity } from './scalars.ts';

/**
 * The fields of a product that an order needs. It has no description: a hundred descriptions would not fit into one
 * message.
 */
export const orderableProduct = publicProduct.pick({
  productId: true,
  sku: true,
  name: true,
  priceMinor: true,
  currencyCode: true,
  onSale: true,
  version: true,
});
export type OrderableProduct = z.infer<typeof orderableProduct>;

/** Asks the product service for products that a copy of the catalogue lacks. Answers with those that exist. */
export const findProducts = {
  subject: 'shop.request.product.find.v1',
  responder: 'product',
  request: z.object({ productIds: z.array(id).min(1).max(100) }),
  response: z.object({ products: z.array(orderableProduct) }),
} as const;

/** Asks the user service whether accounts exist, and what they may do. Answers with those that exist. */
export const findAccounts = {
  subject: 'shop.request.user.find.v1',
  responder: 'user',
  request: z.object({ userIds: z.array(id).min(1).max(100) }),
  response: z.object({
    accounts: z.array(
      z.object({
        userId: id,
        role: z.enum(['CUSTOMER', 'STAFF', 'ADMIN']),
        active: z.boolean(),
        emailVerified: z.boolean(),
      }),
    ),
  }),
} as const;

/** Asks the user service for the accounts that messages to the staff are sent to: active, with the role STAFF or ADMIN. */
export const findStaff = {
  subject: 'shop.request.user.staff.v1',
  responder: 'user',
  request: z.object({}),
  response: z.object({ userIds: z.array(id).max(1_000) }),
} as const;

/** Asks for one recipient, as `findRecipients` does for many. Only releases before it ask so; the next release drops it. */
export const findRecipient = {
  subject: 'shop.request.user.recipient.v1',
  responder: 'user',
  request: z.object({
    userId: id,
    /** For a message with a link: the request of the event. It decides the address too. */
    requestId: id.optional(),
    /** For a message to the former address: the change of the event. */
    changeId: id.optional(),
    /** For a notice about the account's security: the address is the one that the account had then. Addresses are kept for 72 hours. */
    at: instant.optional(),
  }),
  response: z.object({
    /** Null when nothing is to be sent: no such account, the request is used or too old, or the former address is no longer kept. */
    recipient: z
      .object({
        email: z.string(),
        /** Empty for a deleted account: only its address is kept. */
        name: z.string(),
        phone: z.string().nullable(),
      })
      .nullable(),
    /** Null for messages without a link. */
    link: z
      .object({
        kind: z.enum(['RESET_PASSWORD', 'VERIFY_EMAIL']),
        token: z.string(),
        expiresAt: instant,
      })
      .nullable(),
  }),
} as const;

/**
 * Asks the user service, at the moment of sending, where messages go and, for those with a link, for the link's token. Each answer has a
 * new token: a token that is sent again does not end those that were sent before. Only the service that sends messages may ask.
 */
export const findRecipients = {
  subject: 'shop.request.user.recipients.v1',
  responder: 'user',
  request: z.object({ questions: z.array(findRecipient.request).min(1).max(100) }),
  /** In the order of the questions. */
  response: z.object({ answers: z.array(findRecipient.response) }),
} as const;

/** Asks the order service for an order, where an event of an older release lacks what a message needs. */
export const findOrder = {
  subject: 'shop.request.order.find.v1',
  responder: 'order',
  request: z.object({ orderId: id }),
  response: z.object({
    /** Null when there is no such order. */
    order: z
      .object({
        orderId: id,
        number: z.string(),
        customerId: id.nullable(),
        lines: z.array(
          z.object({ productId: id, sku: z.string(), name: z.string(), quantity, unitPriceMinor: minorUnits }),
        ),
        totalMinor: minorUnits,
        currencyCode,
      })
      .nullable(),
  }),
} as const;
