import { DateTime } from '@shop/service';
import { login } from './Mutation/login.ts';
import { register } from './Mutation/register.ts';
import { me } from './Query/me.ts';
import { User } from './User.ts';

export const resolvers = { DateTime, Query: { me }, Mutation: { login, register }, User };
