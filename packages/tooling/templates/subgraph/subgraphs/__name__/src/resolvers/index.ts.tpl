import { DateTime } from '@shop/graphql';
import type { CompleteResolvers } from '@shop/subgraph';
import { create__Name__ } from './Mutation/create__Name__.ts';
import { Product } from './Product.ts';
import { Query } from './Query.ts';
import { __Name__ } from './__Name__.ts';
import type { Resolvers } from './schema-types.ts';

export const resolvers = {
  DateTime,
  Query,
  Mutation: { create__Name__ },
  Product,
  __Name__,
} satisfies CompleteResolvers<Resolvers>;
