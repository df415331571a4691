import type { CompleteFields } from '@shop/service';
import type { SessionResolvers } from './schema-types.ts';

export const Session = {
  current: ({ id }, _args, { viewer }) => id === viewer.sessionId,
} satisfies CompleteFields<SessionResolvers>;
