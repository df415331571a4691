import { DateTime, MinorUnits } from '@shop/graphql';
import { type CompleteResolvers } from '@shop/subgraph';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { payOrder } from './Mutation/payOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { refundOrder } from './Mutation/refundOrder.ts';
import { updateOrderStatus } from './Mutation/updateOrderStatus.ts';
import { Order } from './Order.ts';
import { OrderItem } from './OrderItem.ts';
import { Payment } from './Payment.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';
import { User } from './User.ts';

export const resolvers = {
  DateTime,
  MinorUnits,
  Query,
  Mutation: { cancelOrder, payOrder, placeOrder, refundOrder, updateOrderStatus },
  Order,
  OrderItem,
  Payment,
  User,
} satisfies CompleteResolvers<Resolvers>;
