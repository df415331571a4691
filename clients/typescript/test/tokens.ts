import type { Tokens } from '@shop/client';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens as the server issues them. The number counts from 1. */
export function tokensOf(session: string, number: number, livesMs = 900_000): Tokens {
  return {
    accessToken: `${encoded({ alg: 'none' })}.${encoded({ sid: session, number })}.signature`,
    accessTokenExpiresAt: new Date(Date.now() + livesMs).toISOString(),
    refreshToken: `${session}-refresh-${number}`,
    refreshTokenExpiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  };
}

export const refreshed = (tokens: Tokens) => ({
  body: { data: { refreshSession: { __typename: 'RefreshSessionSuccess', tokens } } },
});

export const refused = {
  body: {
    data: { refreshSession: { __typename: 'InvalidRefreshToken', code: 'INVALID_REFRESH_TOKEN', message: 'No.' } },
  },
};
