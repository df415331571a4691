/** The longest e-mail and the longest part before the `@`, in bytes (RFC 5321). */
const MAX_BYTES = 254;
const MAX_LOCAL_BYTES = 64;

/**
 * The part before the `@`: words of the signs that RFC 5322 allows without quotes, with dots between them, and letters and digits of
 * every script (RFC 6531).
 */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** The signs that end the host of a URL, or that a URL decodes. */
const NOT_OF_A_DOMAIN = /[\s/?#@:\\%[\]]/;

/** Removes white space around an e-mail, and composes its letters (NFC). */
export function tidyEmail(email: string): string {
  return email.trim().normalize('NFC');
}

/** Normalises an e-mail for comparison: e-mails are unique without regard to case, and to the spelling of an international domain. */
export function emailKey(email: string): string {
  const tidy = tidyEmail(email);
  const at = tidy.lastIndexOf('@');
  const domain = toAsciiDomain(tidy.slice(at + 1));
  return at > 0 && domain !== null ? `${tidy.slice(0, at).toLowerCase()}@${domain}` : tidy.toLowerCase();
}

/** Returns whether mail can be sent to it. Quoted local parts and addresses of hosts (`[192.0.2.1]`) are not accepted. */
export function isEmail(email: string): boolean {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, Math.max(at, 0)), toAsciiDomain(email.slice(at + 1))];
  if (domain === null || !LOCAL_PART.test(local)) return false;
  if (countBytes(local) > MAX_LOCAL_BYTES || countBytes(`${local}@${domain}`) > MAX_BYTES) return false;
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** Returns a domain as the name system has it, in small letters: `bücher.example` is `xn--bcher-kva.example`. Null if there is none. */
function toAsciiDomain(domain: string): string | null {
  if (domain === '' || domain.length > MAX_BYTES || NOT_OF_A_DOMAIN.test(domain)) return null;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : null;
}

function countBytes(text: string): number {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, 'x').length;
}
