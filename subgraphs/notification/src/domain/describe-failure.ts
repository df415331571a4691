const MAX_LENGTH = 300;

/**
 * The text of an error as it may be stored and shown: on one line, without e-mail addresses, links and long digits, which may be phone
 * numbers. Servers quote what they refuse.
 */
export function describeFailure(text: string): string {
  const safe = removeSecrets(text)
    .replace(/<?[^\s<>"'(),;:]+@[^\s<>"'(),;]+>?/gu, '…')
    .replace(/\+?\d[\d ()/-]{6,}\d/gu, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return safe.length > MAX_LENGTH ? `${safe.slice(0, MAX_LENGTH - 1)}…` : safe;
}

/** A text without links, which may grant access. */
export const removeSecrets = (text: string): string => text.replace(/\bhttps?:\/\/\S+/giu, '…');
