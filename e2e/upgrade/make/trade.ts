import {
  AdjustStock,
  CancelOrder,
  CreateCategory,
  CreateProduct,
  type CreateProductInput,
  DeleteProduct,
  expectSuccess,
  OrderState,
  type OrderStatus,
  PayOrder,
  PlaceOrder,
  RefundOrder,
  UpdateOrderStatus,
  type UpdateOrderStatusInput,
  UpdateProduct,
} from '@shop/client';
import { eventually } from '@shop/testing';
import type { Person } from './people.ts';

const ADDRESS = { street: '1 Main Street', city: 'Springfield', state: 'IL', postalCode: '62701', country: 'US' };

/** A product's id and a quantity. */
export type Line = readonly [productId: string, quantity: number];

export async function createCategory(staff: Person, slug: string, name: string, parent?: string): Promise<void> {
  const input = { slug, name, ...(parent === undefined ? {} : { parent }) };
  expectSuccess((await staff.shop.request(CreateCategory, { input })).createCategory);
}

/** Returns the product's id. */
export async function createProduct(staff: Person, input: CreateProductInput): Promise<string> {
  return expectSuccess((await staff.shop.request(CreateProduct, { input })).createProduct).product.id;
}

export async function changePrice(staff: Person, id: string, amount: number, currencyCode: string): Promise<void> {
  const input = { id, price: { amount, currencyCode } };
  expectSuccess((await staff.shop.request(UpdateProduct, { input })).updateProduct);
}

export async function takeOffSale(staff: Person, id: string): Promise<void> {
  expectSuccess((await staff.shop.request(DeleteProduct, { input: { id } })).deleteProduct);
}

export async function adjustStock(staff: Person, productId: string, delta: number, reason: string): Promise<void> {
  expectSuccess((await staff.shop.request(AdjustStock, { input: { productId, delta, reason } })).adjustStock);
}

/** Returns the order's id. */
export async function placeOrder(customer: Person, ...lines: readonly Line[]): Promise<string> {
  const items = lines.map(([productId, quantity]) => ({ productId, quantity }));
  const { placeOrder } = await customer.shop.request(PlaceOrder, { input: { items, shippingAddress: ADDRESS } });
  return expectSuccess(placeOrder).order.id;
}

export async function untilStatus(customer: Person, id: string, status: OrderStatus): Promise<void> {
  await eventually(async () => {
    const { order } = await customer.shop.request(OrderState, { id });
    if (order?.status !== status) throw new Error(`The order ${id} is ${order?.status}, and not ${status}.`);
  });
}

export async function placeReservedOrder(customer: Person, ...lines: readonly Line[]): Promise<string> {
  const id = await placeOrder(customer, ...lines);
  await untilStatus(customer, id, 'RESERVED');
  return id;
}

/**
 * Pays with a simulated card and returns the result's type: the card may be declined, or the provider may be
 * unavailable.
 */
export async function pay(customer: Person, orderId: string, paymentToken = 'tok_visa') {
  const { payOrder } = await customer.shop.request(PayOrder, { input: { orderId, paymentToken } });
  return payOrder.__typename;
}

export async function placePaidOrder(customer: Person, ...lines: readonly Line[]): Promise<string> {
  const id = await placeReservedOrder(customer, ...lines);
  requireResult(await pay(customer, id), 'PayOrderSuccess');
  return id;
}

export async function moveOn(
  staff: Person,
  orderId: string,
  status: OrderStatus,
  rest: Omit<UpdateOrderStatusInput, 'orderId' | 'status'> = {},
): Promise<void> {
  const input = { orderId, status, ...rest };
  expectSuccess((await staff.shop.request(UpdateOrderStatus, { input })).updateOrderStatus);
}

export async function cancel(customer: Person, orderId: string, reason: string): Promise<void> {
  expectSuccess((await customer.shop.request(CancelOrder, { input: { orderId, reason } })).cancelOrder);
}

export async function refund(staff: Person, orderId: string, amount: number): Promise<void> {
  const input = { orderId, amount, reason: 'A scratch' };
  expectSuccess((await staff.shop.request(RefundOrder, { input })).refundOrder);
}

/** @throws Error when a mutation's result is another member of its union. */
export function requireResult(actual: string, wanted: string): void {
  if (actual !== wanted) throw new Error(`The result is ${actual}, and not ${wanted}.`);
}
