import { DateTime, MinorUnits } from '@shop/service';
import { cancelOrder } from './Mutation/cancelOrder.ts';
import { placeOrder } from './Mutation/placeOrder.ts';
import { Order } from './Order.ts';
import { OrderItem } from './OrderItem.ts';
import { order } from './Query/order.ts';
import { User } from './User.ts';

export const resolvers = {
  DateTime,
  MinorUnits,
  Query: { order },
  Mutation: { cancelOrder, placeOrder },
  Order,
  OrderItem,
  User,
};
