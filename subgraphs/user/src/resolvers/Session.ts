import type { Context } from '../context.ts';
import type { Session as SessionRow } from '../domain/session.ts';

export const Session = {
  current: ({ id }: SessionRow, _args: unknown, { viewer }: Context) => id === viewer.sessionId,
};
