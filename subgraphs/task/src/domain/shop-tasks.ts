import type { NewTask } from './task.ts';

type ShopTask = Pick<NewTask, 'title' | 'description' | 'priority' | 'orderId' | 'productId'>;

/** The task to order goods again. A title has room for 200 characters. */
export function describeRestock(
  product: { readonly productId: string; readonly sku: string; readonly name: string },
  available: number,
): ShopTask {
  const units = available === 1 ? '1 unit is' : `${available} units are`;
  return {
    title: cutTitle(`Restock ${product.name}`),
    description: `${units} left of ${product.name} (SKU ${product.sku}). The task is closed when the stock is back.`,
    priority: available === 0 ? 'URGENT' : 'HIGH',
    orderId: null,
    productId: product.productId,
  };
}

/** A refund that the payment provider did not make. */
export interface FailedRefund {
  readonly refundId: string;
  readonly orderId: string;
  /** Null when the event lacked it. */
  readonly orderNumber: string | null;
  readonly amountMinor: number;
  readonly currencyCode: string;
  readonly reason: string | null;
}

/**
 * The task to make a refund by hand.
 *
 * @param exponent the number of decimals of the currency
 */
export function describeFailedRefund(refund: FailedRefund, exponent: number): ShopTask {
  const amount = `${formatMinor(refund.amountMinor, exponent)} ${refund.currencyCode}`;
  const order = refund.orderNumber === null ? 'an order' : `order ${refund.orderNumber}`;
  const reason = refund.reason === null ? '' : `\nThe provider's reason: ${refund.reason}`;
  return {
    title: `Refund ${amount} for ${order} by hand`,
    description: `The refund ${refund.refundId} failed. The customer is still owed ${amount}.${reason}`,
    priority: 'URGENT',
    orderId: refund.orderId,
    productId: null,
  };
}

function cutTitle(title: string): string {
  return title.length <= 200 ? title : `${title.slice(0, 199).toWellFormed()}…`;
}

/** Formats an amount without floats: 1999 with two decimals is 19.99. */
function formatMinor(amountMinor: number, exponent: number): string {
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
