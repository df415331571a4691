/** The limits of one request before it is parsed. */
export const requestSize = {
  /** Bytes of the body. */
  bodyLimit: 1024 * 1024,
  /** Tokens of a document. The parser stops there. */
  maxTokens: 3_000,
} as const;
