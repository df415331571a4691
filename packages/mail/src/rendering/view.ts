import { findCurrencyExponent } from '@shop/contracts';
import { formatAmount, formatCount, formatInstant, type Locale } from './locales.ts';
import type { OrderData, TemplateData } from './template-data.ts';

/** A text value on one line: a line break in a name must not start a header, or a sentence of its own in the text part. */
export function onOneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .trim();
}

/**
 * The values that the templates see. Every member exists, `null` where the data has none, so that a template that misspells a name fails.
 *
 * @throws RangeError for a link that is no URL of HTTP, and for an unknown currency
 */
export function createView(data: TemplateData, locale: Locale) {
  const { timeZone = 'UTC', shopName = 'Shop' } = data;
  const formatDate = (date: Date | null | undefined) => (date == null ? null : formatInstant(date, locale, timeZone));
  return {
    shopName: onOneLine(shopName),
    name: onOneLine(data.name ?? '') || null,
    link: requireWebUrl(data.link),
    linkExpiresAt: formatDate(data.linkExpiresAt),
    unsubscribeUrl: requireWebUrl(data.unsubscribeUrl),
    order: data.order == null ? null : createOrderView(data.order, locale, formatDate),
    task:
      data.task == null
        ? null
        : { key: onOneLine(data.task.key), title: onOneLine(data.task.title), dueAt: formatDate(data.task.dueAt) },
    product:
      data.product == null
        ? null
        : {
            name: onOneLine(data.product.name),
            sku: onOneLine(data.product.sku),
            available: formatCount(data.product.available, locale),
          },
    deadLetter:
      data.deadLetter == null
        ? null
        : {
            consumer: onOneLine(data.deadLetter.consumer),
            eventType: onOneLine(data.deadLetter.eventType),
            eventId: onOneLine(data.deadLetter.eventId),
            service: onOneLine(data.deadLetter.service),
          },
  };
}

function createOrderView(
  order: OrderData,
  locale: Locale,
  formatDate: (date: Date | null | undefined) => string | null,
) {
  const exponent = findCurrencyExponent(order.currencyCode);
  if (exponent === undefined) throw new RangeError(`${order.currencyCode} is not a currency of ISO 4217.`);
  const format = (amountMinor: number) => formatAmount(amountMinor, order.currencyCode, exponent, locale);
  return {
    number: onOneLine(order.number),
    lines: order.lines.map(({ name, sku, quantity, unitPriceMinor }) => ({
      name: onOneLine(name),
      sku: onOneLine(sku),
      quantity: formatCount(quantity, locale),
      unitPrice: format(unitPriceMinor),
      price: format(unitPriceMinor * quantity),
    })),
    total: format(order.totalMinor),
    reason: onOneLine(order.reason ?? '') || null,
    reservedUntil: formatDate(order.reservedUntil),
    trackingNumber: onOneLine(order.trackingNumber ?? '') || null,
    refunded: order.refundedMinor == null ? null : format(order.refundedMinor),
  };
}

function requireWebUrl(text: string | null | undefined): string | null {
  if (text == null) return null;
  // The error quotes no part of the URL: it has a token.
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new RangeError('A link of a message must be a full URL that starts with http:// or https://.');
  return new URL(text).href;
}
