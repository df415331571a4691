import { DateTime } from '@shop/graphql';
import { type CompleteResolvers } from '@shop/subgraph';
import { changePassword } from './Mutation/changePassword.ts';
import { createUser } from './Mutation/createUser.ts';
import { deleteAccount } from './Mutation/deleteAccount.ts';
import { login } from './Mutation/login.ts';
import { logout } from './Mutation/logout.ts';
import { refreshSession } from './Mutation/refreshSession.ts';
import { register } from './Mutation/register.ts';
import { requestEmailVerification } from './Mutation/requestEmailVerification.ts';
import { requestPasswordReset } from './Mutation/requestPasswordReset.ts';
import { resetPassword } from './Mutation/resetPassword.ts';
import { revokeAllSessions } from './Mutation/revokeAllSessions.ts';
import { revokeSession } from './Mutation/revokeSession.ts';
import { setUserActive } from './Mutation/setUserActive.ts';
import { setUserRole } from './Mutation/setUserRole.ts';
import { updateProfile } from './Mutation/updateProfile.ts';
import { verifyEmail } from './Mutation/verifyEmail.ts';
import { PersonalData } from './PersonalData.ts';
import { Query } from './Query.ts';
import type { Resolvers } from './schema-types.ts';
import { Session } from './Session.ts';
import { User } from './User.ts';

export const resolvers = {
  DateTime,
  Query,
  Mutation: {
    changePassword,
    createUser,
    deleteAccount,
    login,
    logout,
    refreshSession,
    register,
    requestEmailVerification,
    requestPasswordReset,
    resetPassword,
    revokeAllSessions,
    revokeSession,
    setUserActive,
    setUserRole,
    updateProfile,
    verifyEmail,
  },
  PersonalData,
  Session,
  User,
} satisfies CompleteResolvers<Resolvers>;
