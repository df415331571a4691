import { DateTime } from '@shop/graphql';
import { type CompleteResolvers } from '@shop/subgraph';
import { changePassword } from './Mutation/changePassword.ts';
import { deleteAccount } from './Mutation/deleteAccount.ts';
import { login } from './Mutation/login.ts';
import { logout } from './Mutation/logout.ts';
import { refreshSession } from './Mutation/refreshSession.ts';
import { register } from './Mutation/register.ts';
import { revokeAllSessions } from './Mutation/revokeAllSessions.ts';
import { revokeSession } from './Mutation/revokeSession.ts';
import { setUserActive } from './Mutation/setUserActive.ts';
import { setUserRole } from './Mutation/setUserRole.ts';
import { updateProfile } from './Mutation/updateProfile.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';
import { Session } from './Session.ts';
import { User } from './User.ts';

export const resolvers = {
  DateTime,
  Query,
  Mutation: {
    changePassword,
    deleteAccount,
    login,
    logout,
    refreshSession,
    register,
    revokeAllSessions,
    revokeSession,
    setUserActive,
    setUserRole,
    updateProfile,
  },
  Session,
  User,
} satisfies CompleteResolvers<Resolvers>;
