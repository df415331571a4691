/** What one request may cost before anything is planned. */
export const limits = {
  /** Bytes of a request's body. */
  bodyLimit: 1024 * 1024,
  /** Tokens of a document; graphql-js stops reading there. */
  maxTokens: 3_000,
} as const;
