import { type Locale, locales, renderMail, type RenderedMail, type TemplateData, type TemplateName } from '@shop/mail';
import type { MessageContent, MessageOrder } from '../domain/message.ts';
import { matchLocale } from '../domain/preferences.ts';
import type { OrderAnswer, Questions } from '../events/ask.ts';

/** The parts of a message that are known only when it is sent. */
export interface Surroundings {
  readonly name: string;
  readonly link: { readonly url: string; readonly expiresAt: string } | null;
  readonly unsubscribeUrl: string | null;
  readonly order: OrderAnswer | null;
  readonly product: { readonly name: string; readonly sku: string } | null;
  readonly shop: { readonly shopName: string; readonly timeZone: string };
}

/** A message lacks what its template needs, and nobody has it any more. */
export class ContentMissing extends Error {
  override readonly name = 'ContentMissing';
}

/** Returns whether the event had all that a message needs to know about its order. Those of older releases did not. */
export function isOrderComplete({ number, lines, totalMinor, currencyCode }: MessageOrder): boolean {
  const hasNames = lines?.every(({ sku, name }) => sku !== undefined && name !== undefined) ?? false;
  return number !== undefined && hasNames && totalMinor !== undefined && currencyCode !== undefined;
}

/** Asks for the order and the product that a message needs. */
export async function findContent(
  { findOrder, findProduct }: Pick<Questions, 'findOrder' | 'findProduct'>,
  { orderId, recipientId, content }: { orderId: string | null; recipientId: string | null; content: MessageContent },
): Promise<Pick<Surroundings, 'order' | 'product'>> {
  const { order, product } = content;
  const asksOrder = orderId !== null && (recipientId === null || order === undefined || !isOrderComplete(order));
  return {
    order: asksOrder ? await findOrder(orderId) : null,
    product: product === undefined ? null : await findProduct(product.productId),
  };
}

/** The language of a recipient: as chosen, else as stored with the message, else the first. */
export const chooseLocale = (...wishes: readonly (string | null | undefined)[]): Locale =>
  wishes.map((tag) => (tag == null ? null : matchLocale(tag, locales))).find((locale) => locale !== null) ?? locales[0];

/**
 * Writes a message.
 *
 * @throws ContentMissing when the order is not known
 */
export function compose(
  template: TemplateName,
  locale: Locale,
  content: MessageContent,
  surroundings: Surroundings,
): RenderedMail {
  const { task, product, deadLetter } = content;
  const { name, link, unsubscribeUrl, shop } = surroundings;
  const data: TemplateData = {
    ...shop,
    name,
    link: link?.url,
    linkExpiresAt: readDate(link?.expiresAt),
    unsubscribeUrl,
    order: content.order && describeOrder(content.order, surroundings.order),
    task: task && { ...task, dueAt: readDate(task.dueAt) },
    product: product && {
      // A product that is not known any more is named by its id.
      ...(surroundings.product ?? { name: product.productId, sku: product.productId }),
      available: product.available,
    },
    deadLetter,
  };
  return renderMail(template, locale, data);
}

function describeOrder(order: MessageOrder, asked: OrderAnswer | null) {
  const { reason, trackingNumber, refundedMinor } = order;
  const lines = isOrderComplete(order) ? order.lines : asked?.lines;
  const { number = asked?.number, totalMinor = asked?.totalMinor, currencyCode = asked?.currencyCode } = order;
  if (lines === undefined || number === undefined || totalMinor === undefined || currencyCode === undefined)
    throw new ContentMissing('The order is not known.');
  return {
    number,
    totalMinor,
    currencyCode,
    lines: lines.map(({ sku = '', name = '', quantity, unitPriceMinor }) => ({ sku, name, quantity, unitPriceMinor })),
    reason,
    trackingNumber,
    refundedMinor,
    reservedUntil: readDate(order.reservedUntil),
  };
}

const readDate = (text: string | null | undefined): Date | null => (text == null ? null : new Date(text));
