export {
  createToken as createRefreshToken,
  hashToken as hashRefreshToken,
  type TokenHash as RefreshTokenHash,
} from './opaque-token.ts';

/** How long a session lives after its last refresh. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
