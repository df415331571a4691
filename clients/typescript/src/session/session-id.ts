/** The id of the session that an access token belongs to, read from its payload; undefined for an unreadable token. */
export function readSessionId(accessToken: string): string | undefined {
  try {
    const payload = (accessToken.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { sid }: { readonly sid?: string } = JSON.parse(atob(payload));
    return sid;
  } catch {
    return undefined;
  }
}
