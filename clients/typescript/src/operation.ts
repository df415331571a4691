/** A query or a mutation: its text, and the types of its variables and its result. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly type: 'query' | 'mutation';
  /** The SHA-256 of {@link body}: its id as a persisted operation. Empty when it is not known. */
  readonly id: string;
  /** The GraphQL text that is sent. */
  readonly body: string;
  /** True when it has several root fields: one idempotency key then does not make all of it repeatable. */
  readonly hasSeveralFields?: true;
  /** True when the client fills in `input.idempotencyKey`, which makes retries safe. */
  readonly takesIdempotencyKey?: true;
  /** Carries types only, for libraries that know `DocumentTypeDecoration`. It has no value. */
  readonly __apiType?: (variables: Variables) => Data;
}

/** A subscription: its text, and the types of its variables and of its messages. */
export interface SubscriptionOperation<Data, Variables> {
  readonly name: string;
  readonly type: 'subscription';
  /** The SHA-256 of {@link body}: its id as a persisted operation. Empty when it is not known. */
  readonly id: string;
  /** The GraphQL text that is sent. */
  readonly body: string;
  /** Carries types only, for libraries that know `DocumentTypeDecoration`. It has no value. */
  readonly __apiType?: (variables: Variables) => Data;
}

/** An operation without its types. */
export type AnyOperation = Omit<Operation<unknown, never>, '__apiType'>;

/** Variables in which `input.idempotencyKey` is optional. */
export type WithOptionalKey<Variables> = {
  readonly [Name in keyof Variables]: Name extends 'input'
    ? Omit<Variables[Name], 'idempotencyKey'> & { readonly idempotencyKey?: string }
    : Variables[Name];
};
