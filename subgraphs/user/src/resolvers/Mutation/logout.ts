import { logOut } from '../../use-cases/log-out.ts';
import type { MutationResolvers } from '../schema-types.ts';

export const logout: MutationResolvers['logout'] = async (_root, { input }, context) => {
  await logOut(context, input);
  return { __typename: 'LogoutSuccess', ok: true };
};
