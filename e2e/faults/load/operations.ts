export type OrderStatus =
  'PENDING' | 'RESERVED' | 'PAID' | 'PROCESSING' | 'SHIPPED' | 'DELIVERED' | 'FAILED' | 'CANCELLED' | 'EXPIRED';

export const PLACE_ORDER = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { __typename ... on PlaceOrderSuccess { order { id status } } ... on UserError { code message } }
}`;

export const READ_ORDER = `query ($id: ID!) { order(id: $id) { status total { amount } } }`;

export const CANCEL_ORDER = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename ... on CancelOrderSuccess { order { status } } ... on InvalidTransition { from } ... on UserError { code message }
  }
}`;

export const PAY_ORDER = `mutation ($input: PayOrderInput!) {
  payOrder(input: $input) {
    __typename ... on PayOrderSuccess { order { status } payment { id } } ... on InvalidTransition { from } ... on UserError { code message }
  }
}`;

export const UPDATE_STATUS = `mutation ($input: UpdateOrderStatusInput!) {
  updateOrderStatus(input: $input) {
    __typename ... on UpdateOrderStatusSuccess { order { status } } ... on InvalidTransition { from } ... on UserError { code message }
  }
}`;

export const REFUND_ORDER = `mutation ($input: RefundOrderInput!) {
  refundOrder(input: $input) {
    __typename ... on RefundOrderSuccess { payment { id } } ... on InvalidTransition { from } ... on UserError { code message }
  }
}`;
