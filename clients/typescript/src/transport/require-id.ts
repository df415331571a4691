/**
 * The id of an operation that is sent without its text.
 *
 * @throws TypeError when it has none
 */
export function requireId({ name, id }: { readonly name: string; readonly id: string }): string {
  if (id !== '') return id;
  throw new TypeError(
    `With persistedOnly, ${name || 'an operation'} needs its id. Set persistedDocuments: { hashAlgorithm: 'sha256' } ` +
      "in codegen.ts, and documentMode: 'string'.",
  );
}
