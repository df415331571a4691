/** Whose and which session an access token is of, as it says itself; undefined for one that cannot be read. */
export function sessionIdOf(accessToken: string): string | undefined {
  try {
    const payload = (accessToken.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    return (JSON.parse(atob(payload)) as { readonly sid?: string }).sid;
  } catch {
    return undefined;
  }
}
