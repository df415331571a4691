/** Where and how to deliver mail. */
export interface SmtpServerAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. Otherwise STARTTLS is used where the server offers it. */
  readonly secure: boolean;
  /** Sends nothing without TLS. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/**
 * Reads `SMTP_URL`: `smtp://user:password@host:587` or `smtps://…`. The default ports are 587 and 465. With a password, `smtp://`
 * requires STARTTLS unless the host is this machine; `?requireTLS=true` and `?requireTLS=false` decide otherwise.
 *
 * @throws RangeError with the reason; it quotes nothing of the URL, which may have a password
 */
export function readSmtpUrl(text: string): SmtpServerAddress {
  if (!URL.canParse(text)) throw new RangeError('must be a URL such as smtp://user:password@host:587');
  const url = new URL(text);
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    throw new RangeError('must be a URL that starts with smtp:// or smtps://');
  if (url.hostname === '') throw new RangeError('must have a host');
  const secure = url.protocol === 'smtps:';
  const unknown = [...url.searchParams.keys()].filter((key) => key !== 'requireTLS');
  if (unknown.length > 0) throw new RangeError(`has an unknown setting ${unknown[0]}; requireTLS is the only one`);
  const wish = url.searchParams.get('requireTLS');
  if (wish !== null && wish !== 'true' && wish !== 'false') throw new RangeError('requireTLS must be true or false');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const hasPassword = url.username !== '';
  return {
    host,
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: wish === null ? hasPassword && !isThisMachine(host) : wish === 'true',
    ...(hasPassword ? { auth: { user: decode(url.username), pass: decode(url.password) } } : {}),
  };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError('has a user or password that is not percent-encoded correctly');
  }
}
