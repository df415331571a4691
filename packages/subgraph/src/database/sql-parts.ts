/** Adds a value to a statement, and returns its placeholder. `type` is its type in PostgreSQL. */
export type Bind = (value: unknown, type: string) => string;

/** Collects the values of a statement whose text is put together from parts. */
export function createBinder(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
}

/** Escapes the characters that have a meaning in LIKE. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
