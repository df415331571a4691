export type LinkKind = 'RESET_PASSWORD' | 'VERIFY_EMAIL' | 'UNSUBSCRIBE';

const paths: Readonly<Record<LinkKind, string>> = {
  RESET_PASSWORD: 'reset-password',
  VERIFY_EMAIL: 'verify-email',
  UNSUBSCRIBE: 'unsubscribe',
};

/** The page on which somebody acts by a token. */
export function createLink(baseUrl: string, kind: LinkKind, token: string): string {
  const url = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  url.pathname += paths[kind];
  url.searchParams.set('token', token);
  return url.href;
}
