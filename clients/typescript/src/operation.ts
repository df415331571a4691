/** An operation with the types of its variables and its result, and what it takes to send it. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly type: 'query' | 'mutation';
  /** The SHA-256 of {@link body}, by which a server knows it as a persisted operation. */
  readonly id: string;
  /** The GraphQL text, as it is sent. */
  readonly body: string;
  /** Whether `input.idempotencyKey` is filled in, so that sending it again is safe. */
  readonly takesIdempotencyKey?: true;
  /** For types only: libraries that know `DocumentTypeDecoration` read them here. There is no value. */
  readonly __apiType?: (variables: Variables) => Data;
}

/** What is to be known of an operation in order to send it. */
export type AnyOperation = Omit<Operation<unknown, never>, '__apiType'>;

/** Variables whose `input.idempotencyKey` may be left out. */
export type WithOptionalKey<Variables> = {
  readonly [Name in keyof Variables]: Name extends 'input'
    ? Omit<Variables[Name], 'idempotencyKey'> & { readonly idempotencyKey?: string }
    : Variables[Name];
};
