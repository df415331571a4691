/** How long one request may be, before anything of it is understood. */
export const requestSize = {
  /** Bytes of a request's body. */
  bodyLimit: 1024 * 1024,
  /** Tokens of a document; graphql-js stops reading there. */
  maxTokens: 3_000,
} as const;
