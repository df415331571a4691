import type { CompleteFields } from '@shop/subgraph';
import { list__Names__ } from '../use-cases/list-__names__.ts';
import type { QueryResolvers } from './schema-types.ts';

export const Query = {
  __names__: (_root, args, context) => list__Names__(context, args),
} satisfies CompleteFields<QueryResolvers>;
