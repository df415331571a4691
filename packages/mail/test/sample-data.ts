import type { TemplateData, TemplateName } from '../src/index.ts';

const order = {
  number: 'A-10042',
  lines: [
    { name: 'Espresso cup “Porto”', sku: 'CUP-01', quantity: 2, unitPriceMinor: 1_250 },
    { name: 'Kettle & stand', sku: 'KET-07', quantity: 1, unitPriceMinor: 123_456 },
  ],
  totalMinor: 125_956,
  currencyCode: 'EUR',
  reason: 'Ordered by mistake',
  reservedUntil: new Date('2027-01-15T08:30:00Z'),
  trackingNumber: 'JD014600001234567890',
  refundedMinor: 1_250,
};

/** Data with everything that a template can show. */
export const fullData: TemplateData = {
  name: 'Ada Lovelace',
  link: 'https://shop.example/page?token=abc&x=1',
  linkExpiresAt: new Date('2027-01-15T09:00:00Z'),
  order,
  task: { key: 'OPS-17', title: 'Count the cups', dueAt: new Date('2027-02-01T12:00:00Z') },
  product: { name: 'Espresso cup “Porto”', sku: 'CUP-01', available: 1_003 },
  deadLetter: {
    consumer: 'order-PRODUCT',
    eventType: 'shop.product.updated.v1',
    eventId: '0198c0de-0000-7000-8000-000000000001',
    service: 'order',
  },
  unsubscribeUrl: 'https://shop.example/unsubscribe?token=def',
  shopName: 'Cups & Co',
};

/** The least data that a template accepts. */
export function leastData(template: TemplateName): TemplateData {
  const { number, lines, totalMinor, currencyCode, reservedUntil, refundedMinor } = order;
  const bare = { number, lines, totalMinor, currencyCode };
  switch (template) {
    case 'account-invited':
    case 'password-reset':
    case 'email-verification':
      return { link: fullData.link, linkExpiresAt: fullData.linkExpiresAt };
    case 'order-reserved':
      return { order: { ...bare, reservedUntil } };
    case 'order-refunded':
      return { order: { ...bare, refundedMinor } };
    case 'order-placed':
    case 'order-paid':
    case 'order-failed':
    case 'order-expired':
    case 'order-shipped':
    case 'order-delivered':
    case 'order-cancelled':
      return { order: bare };
    case 'task-assigned':
      return { task: { key: 'OPS-17', title: 'Count the cups' } };
    case 'stock-low':
      return { product: fullData.product };
    case 'dead-letter':
      return { deadLetter: fullData.deadLetter };
    case 'welcome':
    case 'password-changed':
    case 'email-change-requested':
    case 'email-changed':
    case 'account-deleted':
      return {};
    default:
      return template satisfies never;
  }
}

/** The same data with every text replaced. */
export function withTexts(data: TemplateData, text: string): TemplateData {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return /^https?:|^[A-Z]{3}$/.test(value) ? value : text;
    if (value instanceof Date || value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(replace);
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member)]));
  };
  return replace(data) as TemplateData;
}
