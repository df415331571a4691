/** Maps the ways to write a text to one: compatibility forms and upper or lower case do not matter. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * The text in which searches look. Line breaks separate the parts, so that no search of one line finds the end of one and the start of
 * another.
 */
export function toSearchText(...parts: readonly (string | null)[]): string {
  return foldText(parts.filter((part) => part !== null).join('\n'));
}
