import { describeService } from '@shop/contracts';
import { defineSubgraph } from '@shop/subgraph';
import { createContext } from './src/context.ts';
import { openDatabase } from './src/db/database.ts';
import { handlers } from './src/events/consume.ts';
import { resolvers } from './src/resolvers/index.ts';

export const __name__ = defineSubgraph({
  service: describeService('__name__'),
  schema: 'subgraphs/__name__/schema.graphql',
  resolvers,
  openDatabase,
  createContext,
  createHandlers: () => handlers,
});
