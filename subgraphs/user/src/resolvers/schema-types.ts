// Made from schema.graphql and parents.ts by `npm run codegen`; changes belong there.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserParent, SessionParent, UserConnectionParent } from './parents.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** RFC 3339 in UTC with milliseconds. */
  DateTime: { input: Date; output: Date | string; }
};

export type Query = {
  readonly __typename?: 'Query';
  /** The signed-in user; null for an anonymous caller. */
  readonly me: Maybe<User>;
  /** Any account, for callers with the scope user:read; null where there is none. */
  readonly user: Maybe<User>;
  /** Accounts, newest first; 20 a page by default, 100 at most. Both directions work. */
  readonly users: UserConnection;
};


export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


export type QueryUsersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<UserFilter>;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Opens an account with the role CUSTOMER and signs it in. Too many at once, or from one address, are refused with the error SERVICE_UNAVAILABLE. */
  readonly register: RegisterResult;
  /** Signs in. Unknown e-mail, wrong password and inactive account look and take the same. */
  readonly login: LoginResult;
  /** Rotates the refresh token. Presenting a token that was already rotated revokes the whole session. */
  readonly refreshSession: RefreshSessionResult;
  /** Revokes the session the refresh token belongs to. Idempotent. */
  readonly logout: LogoutResult;
  /** Signs one of the caller's sessions out. */
  readonly revokeSession: RevokeSessionResult;
  /** Signs all of the caller's sessions out, the one that asks included. Access tokens that were given out live on for 15 minutes at most. */
  readonly revokeAllSessions: RevokeAllSessionsResult;
  /** Changes what is given, and leaves the rest as it is. */
  readonly updateProfile: UpdateProfileResult;
  /** Also revokes every other session of the user. */
  readonly changePassword: ChangePasswordResult;
  /** Erases the account's personal data and signs it out for good; its orders stay, anonymised. The last administrator cannot. */
  readonly deleteAccount: DeleteAccountResult;
  /** Gives an account another role, and revokes its sessions. */
  readonly setUserRole: SetUserRoleResult;
  /** Lets an account sign in, or not; when not, its sessions are revoked. */
  readonly setUserActive: SetUserActiveResult;
};


export type MutationRegisterArgs = {
  input: RegisterInput;
};


export type MutationLoginArgs = {
  input: LoginInput;
};


export type MutationRefreshSessionArgs = {
  input: RefreshSessionInput;
};


export type MutationLogoutArgs = {
  input: LogoutInput;
};


export type MutationRevokeSessionArgs = {
  input: RevokeSessionInput;
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


export type MutationDeleteAccountArgs = {
  input: DeleteAccountInput;
};


export type MutationSetUserRoleArgs = {
  input: SetUserRoleInput;
};


export type MutationSetUserActiveArgs = {
  input: SetUserActiveInput;
};

/** What an account may do, as scopes in its access token. */
export type Role =
  /** Buys. */
  | 'CUSTOMER'
  /** Runs the shop: catalogue, stock and orders. */
  | 'STAFF'
  /** Also administers accounts. */
  | 'ADMIN';

/** An account. */
export type User = {
  readonly __typename?: 'User';
  readonly id: Scalars['ID']['output'];
  /** Visible to the user and to callers with the scope user:read. */
  readonly email: Maybe<Scalars['String']['output']>;
  /** Visible to the user and to callers with the scope user:read. */
  readonly name: Maybe<Scalars['String']['output']>;
  /** Visible to the user and to callers with the scope user:read. */
  readonly phone: Maybe<Scalars['String']['output']>;
  /** Visible to the user and to callers with the scope user:read. */
  readonly role: Maybe<Role>;
  /** False where the account may not sign in. Visible to the user and to callers with the scope user:read. */
  readonly active: Maybe<Scalars['Boolean']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly updatedAt: Scalars['DateTime']['output'];
  /** Newest first; only the user sees their own. */
  readonly sessions: Maybe<ReadonlyArray<Session>>;
};

/** A sign-in that can be refreshed and revoked. */
export type Session = {
  readonly __typename?: 'Session';
  readonly id: Scalars['ID']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it was opened or last refreshed. */
  readonly lastUsedAt: Scalars['DateTime']['output'];
  /** When it ends unless it is refreshed. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** What the client called itself when it was last used. */
  readonly userAgent: Maybe<Scalars['String']['output']>;
  /** The address that it was last used from. */
  readonly ipAddress: Maybe<Scalars['String']['output']>;
  /** Whether it is the session that asks. */
  readonly current: Scalars['Boolean']['output'];
};

/** What a client keeps after signing in. */
export type AuthTokens = {
  readonly __typename?: 'AuthTokens';
  /** A JWT for the header `Authorization: Bearer …`. */
  readonly accessToken: Scalars['String']['output'];
  /** When the access token stops working; refresh before. */
  readonly accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** Opaque, and worth as much as a password until it expires. */
  readonly refreshToken: Scalars['String']['output'];
  /** When the refresh token stops working; sign in again then. */
  readonly refreshTokenExpiresAt: Scalars['DateTime']['output'];
  /** Always Bearer. */
  readonly tokenType: Scalars['String']['output'];
};

export type RegisterInput = {
  /** Unique without regard to case. */
  readonly email: Scalars['String']['input'];
  /** 12 to 256 characters, not among the most common passwords. */
  readonly password: Scalars['String']['input'];
  /** 1 to 200 characters. */
  readonly name: Scalars['String']['input'];
  /** Up to 50 characters. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
};

/** A page of accounts. */
export type UserConnection = {
  readonly __typename?: 'UserConnection';
  readonly edges: ReadonlyArray<UserEdge>;
  readonly nodes: ReadonlyArray<User>;
  readonly pageInfo: PageInfo;
  /** All accounts of the list; counted only where it is selected. */
  readonly totalCount: Scalars['Int']['output'];
};

export type UserEdge = {
  readonly __typename?: 'UserEdge';
  readonly node: User;
  readonly cursor: Scalars['String']['output'];
};

/** Conditions on accounts; all of them hold. */
export type UserFilter = {
  /** Part of an e-mail address or a name. */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  readonly role?: InputMaybe<Role>;
  /** Whether the account may sign in. */
  readonly active?: InputMaybe<Scalars['Boolean']['input']>;
};

export type RefreshSessionInput = {
  /** The newest that the session was given. */
  readonly refreshToken: Scalars['String']['input'];
};

export type LogoutInput = {
  /** Any that the session was given. */
  readonly refreshToken: Scalars['String']['input'];
};

export type RevokeSessionInput = {
  readonly sessionId: Scalars['ID']['input'];
};

export type UpdateProfileInput = {
  /** 1 to 200 characters. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Up to 50 characters; empty or null removes it. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** Unique without regard to case. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
};

export type ChangePasswordInput = {
  /** The password until now. */
  readonly currentPassword: Scalars['String']['input'];
  /** 12 to 256 characters, not among the most common passwords. */
  readonly newPassword: Scalars['String']['input'];
};

export type DeleteAccountInput = {
  /** The caller's own, once more. */
  readonly password: Scalars['String']['input'];
};

export type SetUserRoleInput = {
  readonly userId: Scalars['ID']['input'];
  readonly role: Role;
};

export type SetUserActiveInput = {
  readonly userId: Scalars['ID']['input'];
  /** Whether the account may sign in. */
  readonly active: Scalars['Boolean']['input'];
};

export type LoginInput = {
  /** In upper or lower case. */
  readonly email: Scalars['String']['input'];
  /** The account's password. */
  readonly password: Scalars['String']['input'];
};

/** Another account has this e-mail. */
export type EmailTaken = UserError & {
  readonly __typename?: 'EmailTaken';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

/** Unknown e-mail, wrong password and inactive account look and take the same. */
export type InvalidCredentials = UserError & {
  readonly __typename?: 'InvalidCredentials';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

/** Too many attempts to sign in, for this account, from this address, or at once; try again later. */
export type TooManyAttempts = UserError & {
  readonly __typename?: 'TooManyAttempts';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** When trying again makes sense. */
  readonly retryAt: Scalars['DateTime']['output'];
};

/** Unknown, expired, revoked or already used. */
export type InvalidRefreshToken = UserError & {
  readonly __typename?: 'InvalidRefreshToken';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

/** The account is open and signed in. */
export type RegisterSuccess = {
  readonly __typename?: 'RegisterSuccess';
  readonly user: User;
  readonly tokens: AuthTokens;
};

/** The user is signed in. */
export type LoginSuccess = {
  readonly __typename?: 'LoginSuccess';
  readonly user: User;
  readonly tokens: AuthTokens;
};

/** New tokens for the session; the old refresh token no longer works. */
export type RefreshSessionSuccess = {
  readonly __typename?: 'RefreshSessionSuccess';
  readonly tokens: AuthTokens;
};

/** The session is over, if there was one. */
export type LogoutSuccess = {
  readonly __typename?: 'LogoutSuccess';
  /** Always true. */
  readonly ok: Scalars['Boolean']['output'];
};

export type RevokeSessionSuccess = {
  readonly __typename?: 'RevokeSessionSuccess';
  readonly sessionId: Scalars['ID']['output'];
};

export type RevokeAllSessionsSuccess = {
  readonly __typename?: 'RevokeAllSessionsSuccess';
  /** How many sessions there were. */
  readonly revoked: Scalars['Int']['output'];
};

export type UpdateProfileSuccess = {
  readonly __typename?: 'UpdateProfileSuccess';
  readonly user: User;
};

export type ChangePasswordSuccess = {
  readonly __typename?: 'ChangePasswordSuccess';
  readonly user: User;
};

export type DeleteAccountSuccess = {
  readonly __typename?: 'DeleteAccountSuccess';
  readonly userId: Scalars['ID']['output'];
};

export type SetUserRoleSuccess = {
  readonly __typename?: 'SetUserRoleSuccess';
  readonly user: User;
};

export type SetUserActiveSuccess = {
  readonly __typename?: 'SetUserActiveSuccess';
  readonly user: User;
};

export type RegisterResult = RegisterSuccess | InvalidInput | EmailTaken;

export type LoginResult = LoginSuccess | InvalidCredentials | TooManyAttempts;

export type RefreshSessionResult = RefreshSessionSuccess | InvalidRefreshToken;

export type LogoutResult = LogoutSuccess;

export type RevokeSessionResult = RevokeSessionSuccess | NotFound;

export type RevokeAllSessionsResult = RevokeAllSessionsSuccess;

export type UpdateProfileResult = UpdateProfileSuccess | InvalidInput | EmailTaken;

export type ChangePasswordResult = ChangePasswordSuccess | InvalidInput | InvalidCredentials | TooManyAttempts;

export type DeleteAccountResult = DeleteAccountSuccess | InvalidCredentials | TooManyAttempts | InvalidInput;

export type SetUserRoleResult = SetUserRoleSuccess | NotFound | InvalidInput;

export type SetUserActiveResult = SetUserActiveSuccess | NotFound | InvalidInput;

/** Where a page stands in its list. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Whether there is more after endCursor. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before startCursor. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge; null on an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
  /** Cursor of the last edge; null on an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

/** An expected failure of a mutation, returned as data. Every error type implements it. */
export type UserError = {
  /** Stable and machine-readable: the error type's name in SCREAMING_SNAKE_CASE. */
  readonly code: Scalars['String']['output'];
  /** For people; its wording may change. */
  readonly message: Scalars['String']['output'];
};

/** The input breaks a rule. Nothing was changed. */
export type InvalidInput = UserError & {
  readonly __typename?: 'InvalidInput';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** Each rule that is broken. */
  readonly issues: ReadonlyArray<InputIssue>;
};

/** One broken rule. */
export type InputIssue = {
  readonly __typename?: 'InputIssue';
  /** Path inside the input, for example items.0.quantity. */
  readonly path: Scalars['String']['output'];
  /** What is wrong there. */
  readonly message: Scalars['String']['output'];
};

/** What the input names does not exist, or is not the caller's. */
export type NotFound = UserError & {
  readonly __typename?: 'NotFound';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
  /** The id that was not found. */
  readonly id: Maybe<Scalars['ID']['output']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  RegisterResult:
    | ( Omit<RegisterSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'RegisterSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( EmailTaken & { __typename: 'EmailTaken' } )
  ;
  LoginResult:
    | ( Omit<LoginSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'LoginSuccess' } )
    | ( InvalidCredentials & { __typename: 'InvalidCredentials' } )
    | ( TooManyAttempts & { __typename: 'TooManyAttempts' } )
  ;
  RefreshSessionResult:
    | ( RefreshSessionSuccess & { __typename: 'RefreshSessionSuccess' } )
    | ( InvalidRefreshToken & { __typename: 'InvalidRefreshToken' } )
  ;
  LogoutResult: ( LogoutSuccess & { __typename: 'LogoutSuccess' } );
  RevokeSessionResult:
    | ( RevokeSessionSuccess & { __typename: 'RevokeSessionSuccess' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
  RevokeAllSessionsResult: ( RevokeAllSessionsSuccess & { __typename: 'RevokeAllSessionsSuccess' } );
  UpdateProfileResult:
    | ( Omit<UpdateProfileSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'UpdateProfileSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( EmailTaken & { __typename: 'EmailTaken' } )
  ;
  ChangePasswordResult:
    | ( Omit<ChangePasswordSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'ChangePasswordSuccess' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( InvalidCredentials & { __typename: 'InvalidCredentials' } )
    | ( TooManyAttempts & { __typename: 'TooManyAttempts' } )
  ;
  DeleteAccountResult:
    | ( DeleteAccountSuccess & { __typename: 'DeleteAccountSuccess' } )
    | ( InvalidCredentials & { __typename: 'InvalidCredentials' } )
    | ( TooManyAttempts & { __typename: 'TooManyAttempts' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
  ;
  SetUserRoleResult:
    | ( Omit<SetUserRoleSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'SetUserRoleSuccess' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
  ;
  SetUserActiveResult:
    | ( Omit<SetUserActiveSuccess, 'user'> & { user: _RefType['User'] } & { __typename: 'SetUserActiveSuccess' } )
    | ( NotFound & { __typename: 'NotFound' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  UserError:
    | ( EmailTaken & { __typename: 'EmailTaken' } )
    | ( InvalidCredentials & { __typename: 'InvalidCredentials' } )
    | ( TooManyAttempts & { __typename: 'TooManyAttempts' } )
    | ( InvalidRefreshToken & { __typename: 'InvalidRefreshToken' } )
    | ( InvalidInput & { __typename: 'InvalidInput' } )
    | ( NotFound & { __typename: 'NotFound' } )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Role: Role;
  User: ResolverTypeWrapper<UserParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Session: ResolverTypeWrapper<SessionParent>;
  AuthTokens: ResolverTypeWrapper<AuthTokens>;
  RegisterInput: RegisterInput;
  UserConnection: ResolverTypeWrapper<UserConnectionParent>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  UserFilter: UserFilter;
  RefreshSessionInput: RefreshSessionInput;
  LogoutInput: LogoutInput;
  RevokeSessionInput: RevokeSessionInput;
  UpdateProfileInput: UpdateProfileInput;
  ChangePasswordInput: ChangePasswordInput;
  DeleteAccountInput: DeleteAccountInput;
  SetUserRoleInput: SetUserRoleInput;
  SetUserActiveInput: SetUserActiveInput;
  LoginInput: LoginInput;
  EmailTaken: ResolverTypeWrapper<EmailTaken>;
  InvalidCredentials: ResolverTypeWrapper<InvalidCredentials>;
  TooManyAttempts: ResolverTypeWrapper<TooManyAttempts>;
  InvalidRefreshToken: ResolverTypeWrapper<InvalidRefreshToken>;
  RegisterSuccess: ResolverTypeWrapper<Omit<RegisterSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  LoginSuccess: ResolverTypeWrapper<Omit<LoginSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  RefreshSessionSuccess: ResolverTypeWrapper<RefreshSessionSuccess>;
  LogoutSuccess: ResolverTypeWrapper<LogoutSuccess>;
  RevokeSessionSuccess: ResolverTypeWrapper<RevokeSessionSuccess>;
  RevokeAllSessionsSuccess: ResolverTypeWrapper<RevokeAllSessionsSuccess>;
  UpdateProfileSuccess: ResolverTypeWrapper<Omit<UpdateProfileSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  ChangePasswordSuccess: ResolverTypeWrapper<Omit<ChangePasswordSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  DeleteAccountSuccess: ResolverTypeWrapper<DeleteAccountSuccess>;
  SetUserRoleSuccess: ResolverTypeWrapper<Omit<SetUserRoleSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  SetUserActiveSuccess: ResolverTypeWrapper<Omit<SetUserActiveSuccess, 'user'> & { user: ResolversTypes['User'] }>;
  RegisterResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RegisterResult']>;
  LoginResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LoginResult']>;
  RefreshSessionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RefreshSessionResult']>;
  LogoutResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LogoutResult']>;
  RevokeSessionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RevokeSessionResult']>;
  RevokeAllSessionsResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RevokeAllSessionsResult']>;
  UpdateProfileResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateProfileResult']>;
  ChangePasswordResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ChangePasswordResult']>;
  DeleteAccountResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteAccountResult']>;
  SetUserRoleResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SetUserRoleResult']>;
  SetUserActiveResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SetUserActiveResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  UserError: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['UserError']>;
  InvalidInput: ResolverTypeWrapper<InvalidInput>;
  InputIssue: ResolverTypeWrapper<InputIssue>;
  NotFound: ResolverTypeWrapper<NotFound>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  User: UserParent;
  Boolean: Scalars['Boolean']['output'];
  Session: SessionParent;
  AuthTokens: AuthTokens;
  RegisterInput: RegisterInput;
  UserConnection: UserConnectionParent;
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
  UserFilter: UserFilter;
  RefreshSessionInput: RefreshSessionInput;
  LogoutInput: LogoutInput;
  RevokeSessionInput: RevokeSessionInput;
  UpdateProfileInput: UpdateProfileInput;
  ChangePasswordInput: ChangePasswordInput;
  DeleteAccountInput: DeleteAccountInput;
  SetUserRoleInput: SetUserRoleInput;
  SetUserActiveInput: SetUserActiveInput;
  LoginInput: LoginInput;
  EmailTaken: EmailTaken;
  InvalidCredentials: InvalidCredentials;
  TooManyAttempts: TooManyAttempts;
  InvalidRefreshToken: InvalidRefreshToken;
  RegisterSuccess: Omit<RegisterSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  LoginSuccess: Omit<LoginSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  RefreshSessionSuccess: RefreshSessionSuccess;
  LogoutSuccess: LogoutSuccess;
  RevokeSessionSuccess: RevokeSessionSuccess;
  RevokeAllSessionsSuccess: RevokeAllSessionsSuccess;
  UpdateProfileSuccess: Omit<UpdateProfileSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  ChangePasswordSuccess: Omit<ChangePasswordSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  DeleteAccountSuccess: DeleteAccountSuccess;
  SetUserRoleSuccess: Omit<SetUserRoleSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  SetUserActiveSuccess: Omit<SetUserActiveSuccess, 'user'> & { user: ResolversParentTypes['User'] };
  RegisterResult: ResolversUnionTypes<ResolversParentTypes>['RegisterResult'];
  LoginResult: ResolversUnionTypes<ResolversParentTypes>['LoginResult'];
  RefreshSessionResult: ResolversUnionTypes<ResolversParentTypes>['RefreshSessionResult'];
  LogoutResult: ResolversUnionTypes<ResolversParentTypes>['LogoutResult'];
  RevokeSessionResult: ResolversUnionTypes<ResolversParentTypes>['RevokeSessionResult'];
  RevokeAllSessionsResult: ResolversUnionTypes<ResolversParentTypes>['RevokeAllSessionsResult'];
  UpdateProfileResult: ResolversUnionTypes<ResolversParentTypes>['UpdateProfileResult'];
  ChangePasswordResult: ResolversUnionTypes<ResolversParentTypes>['ChangePasswordResult'];
  DeleteAccountResult: ResolversUnionTypes<ResolversParentTypes>['DeleteAccountResult'];
  SetUserRoleResult: ResolversUnionTypes<ResolversParentTypes>['SetUserRoleResult'];
  SetUserActiveResult: ResolversUnionTypes<ResolversParentTypes>['SetUserActiveResult'];
  DateTime: Scalars['DateTime']['output'];
  PageInfo: PageInfo;
  UserError: ResolversInterfaceTypes<ResolversParentTypes>['UserError'];
  InvalidInput: InvalidInput;
  InputIssue: InputIssue;
  NotFound: NotFound;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  me: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  user: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  users: Resolver<ResolversTypes['UserConnection'], ParentType, ContextType, Partial<QueryUsersArgs>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  register: Resolver<ResolversTypes['RegisterResult'], ParentType, ContextType, RequireFields<MutationRegisterArgs, 'input'>>;
  login: Resolver<ResolversTypes['LoginResult'], ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  refreshSession: Resolver<ResolversTypes['RefreshSessionResult'], ParentType, ContextType, RequireFields<MutationRefreshSessionArgs, 'input'>>;
  logout: Resolver<ResolversTypes['LogoutResult'], ParentType, ContextType, RequireFields<MutationLogoutArgs, 'input'>>;
  revokeSession: Resolver<ResolversTypes['RevokeSessionResult'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'input'>>;
  revokeAllSessions: Resolver<ResolversTypes['RevokeAllSessionsResult'], ParentType, ContextType>;
  updateProfile: Resolver<ResolversTypes['UpdateProfileResult'], ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  changePassword: Resolver<ResolversTypes['ChangePasswordResult'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  deleteAccount: Resolver<ResolversTypes['DeleteAccountResult'], ParentType, ContextType, RequireFields<MutationDeleteAccountArgs, 'input'>>;
  setUserRole: Resolver<ResolversTypes['SetUserRoleResult'], ParentType, ContextType, RequireFields<MutationSetUserRoleArgs, 'input'>>;
  setUserActive: Resolver<ResolversTypes['SetUserActiveResult'], ParentType, ContextType, RequireFields<MutationSetUserActiveArgs, 'input'>>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  email: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  role: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
  active: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  updatedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessions: Resolver<Maybe<ReadonlyArray<ResolversTypes['Session']>>, ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastUsedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  userAgent: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ipAddress: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  current: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AuthTokensResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuthTokens'] = ResolversParentTypes['AuthTokens']> = {
  accessToken: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessTokenExpiresAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  refreshTokenExpiresAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  tokenType: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  nodes: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  node: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type EmailTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailTaken'] = ResolversParentTypes['EmailTaken']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidCredentialsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidCredentials'] = ResolversParentTypes['InvalidCredentials']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TooManyAttemptsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TooManyAttempts'] = ResolversParentTypes['TooManyAttempts']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InvalidRefreshTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidRefreshToken'] = ResolversParentTypes['InvalidRefreshToken']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegisterSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterSuccess'] = ResolversParentTypes['RegisterSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  tokens: Resolver<ResolversTypes['AuthTokens'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LoginSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginSuccess'] = ResolversParentTypes['LoginSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  tokens: Resolver<ResolversTypes['AuthTokens'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RefreshSessionSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefreshSessionSuccess'] = ResolversParentTypes['RefreshSessionSuccess']> = {
  tokens: Resolver<ResolversTypes['AuthTokens'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LogoutSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutSuccess'] = ResolversParentTypes['LogoutSuccess']> = {
  ok: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RevokeSessionSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionSuccess'] = ResolversParentTypes['RevokeSessionSuccess']> = {
  sessionId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RevokeAllSessionsSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeAllSessionsSuccess'] = ResolversParentTypes['RevokeAllSessionsSuccess']> = {
  revoked: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateProfileSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfileSuccess'] = ResolversParentTypes['UpdateProfileSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ChangePasswordSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordSuccess'] = ResolversParentTypes['ChangePasswordSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteAccountSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteAccountSuccess'] = ResolversParentTypes['DeleteAccountSuccess']> = {
  userId: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetUserRoleSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetUserRoleSuccess'] = ResolversParentTypes['SetUserRoleSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetUserActiveSuccessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetUserActiveSuccess'] = ResolversParentTypes['SetUserActiveSuccess']> = {
  user: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegisterResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterResult'] = ResolversParentTypes['RegisterResult']> = {
  __resolveType: TypeResolveFn<'RegisterSuccess' | 'InvalidInput' | 'EmailTaken', ParentType, ContextType>;
};

export type LoginResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LoginResult'] = ResolversParentTypes['LoginResult']> = {
  __resolveType: TypeResolveFn<'LoginSuccess' | 'InvalidCredentials' | 'TooManyAttempts', ParentType, ContextType>;
};

export type RefreshSessionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefreshSessionResult'] = ResolversParentTypes['RefreshSessionResult']> = {
  __resolveType: TypeResolveFn<'RefreshSessionSuccess' | 'InvalidRefreshToken', ParentType, ContextType>;
};

export type LogoutResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogoutResult'] = ResolversParentTypes['LogoutResult']> = {
  __resolveType: TypeResolveFn<'LogoutSuccess', ParentType, ContextType>;
};

export type RevokeSessionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeSessionResult'] = ResolversParentTypes['RevokeSessionResult']> = {
  __resolveType: TypeResolveFn<'RevokeSessionSuccess' | 'NotFound', ParentType, ContextType>;
};

export type RevokeAllSessionsResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeAllSessionsResult'] = ResolversParentTypes['RevokeAllSessionsResult']> = {
  __resolveType: TypeResolveFn<'RevokeAllSessionsSuccess', ParentType, ContextType>;
};

export type UpdateProfileResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfileResult'] = ResolversParentTypes['UpdateProfileResult']> = {
  __resolveType: TypeResolveFn<'UpdateProfileSuccess' | 'InvalidInput' | 'EmailTaken', ParentType, ContextType>;
};

export type ChangePasswordResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordResult'] = ResolversParentTypes['ChangePasswordResult']> = {
  __resolveType: TypeResolveFn<'ChangePasswordSuccess' | 'InvalidInput' | 'InvalidCredentials' | 'TooManyAttempts', ParentType, ContextType>;
};

export type DeleteAccountResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteAccountResult'] = ResolversParentTypes['DeleteAccountResult']> = {
  __resolveType: TypeResolveFn<'DeleteAccountSuccess' | 'InvalidCredentials' | 'TooManyAttempts' | 'InvalidInput', ParentType, ContextType>;
};

export type SetUserRoleResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetUserRoleResult'] = ResolversParentTypes['SetUserRoleResult']> = {
  __resolveType: TypeResolveFn<'SetUserRoleSuccess' | 'NotFound' | 'InvalidInput', ParentType, ContextType>;
};

export type SetUserActiveResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetUserActiveResult'] = ResolversParentTypes['SetUserActiveResult']> = {
  __resolveType: TypeResolveFn<'SetUserActiveSuccess' | 'NotFound' | 'InvalidInput', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'EmailTaken' | 'InvalidCredentials' | 'TooManyAttempts' | 'InvalidRefreshToken' | 'InvalidInput' | 'NotFound', ParentType, ContextType>;
};

export type InvalidInputResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidInput'] = ResolversParentTypes['InvalidInput']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issues: Resolver<ReadonlyArray<ResolversTypes['InputIssue']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InputIssueResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InputIssue'] = ResolversParentTypes['InputIssue']> = {
  path: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type NotFoundResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotFound'] = ResolversParentTypes['NotFound']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Query: QueryResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
  User: UserResolvers<ContextType>;
  Session: SessionResolvers<ContextType>;
  AuthTokens: AuthTokensResolvers<ContextType>;
  UserConnection: UserConnectionResolvers<ContextType>;
  UserEdge: UserEdgeResolvers<ContextType>;
  EmailTaken: EmailTakenResolvers<ContextType>;
  InvalidCredentials: InvalidCredentialsResolvers<ContextType>;
  TooManyAttempts: TooManyAttemptsResolvers<ContextType>;
  InvalidRefreshToken: InvalidRefreshTokenResolvers<ContextType>;
  RegisterSuccess: RegisterSuccessResolvers<ContextType>;
  LoginSuccess: LoginSuccessResolvers<ContextType>;
  RefreshSessionSuccess: RefreshSessionSuccessResolvers<ContextType>;
  LogoutSuccess: LogoutSuccessResolvers<ContextType>;
  RevokeSessionSuccess: RevokeSessionSuccessResolvers<ContextType>;
  RevokeAllSessionsSuccess: RevokeAllSessionsSuccessResolvers<ContextType>;
  UpdateProfileSuccess: UpdateProfileSuccessResolvers<ContextType>;
  ChangePasswordSuccess: ChangePasswordSuccessResolvers<ContextType>;
  DeleteAccountSuccess: DeleteAccountSuccessResolvers<ContextType>;
  SetUserRoleSuccess: SetUserRoleSuccessResolvers<ContextType>;
  SetUserActiveSuccess: SetUserActiveSuccessResolvers<ContextType>;
  RegisterResult: RegisterResultResolvers<ContextType>;
  LoginResult: LoginResultResolvers<ContextType>;
  RefreshSessionResult: RefreshSessionResultResolvers<ContextType>;
  LogoutResult: LogoutResultResolvers<ContextType>;
  RevokeSessionResult: RevokeSessionResultResolvers<ContextType>;
  RevokeAllSessionsResult: RevokeAllSessionsResultResolvers<ContextType>;
  UpdateProfileResult: UpdateProfileResultResolvers<ContextType>;
  ChangePasswordResult: ChangePasswordResultResolvers<ContextType>;
  DeleteAccountResult: DeleteAccountResultResolvers<ContextType>;
  SetUserRoleResult: SetUserRoleResultResolvers<ContextType>;
  SetUserActiveResult: SetUserActiveResultResolvers<ContextType>;
  DateTime: GraphQLScalarType;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  InvalidInput: InvalidInputResolvers<ContextType>;
  InputIssue: InputIssueResolvers<ContextType>;
  NotFound: NotFoundResolvers<ContextType>;
};
