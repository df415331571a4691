import type { CompleteFields } from '@shop/subgraph';
import type { SessionResolvers } from './schema-types.ts';

export const Session = {
  current: ({ id }, _args, { viewer }) => id === viewer.sessionId,
} satisfies CompleteFields<SessionResolvers>;
