/** __A__ __name__ that a customer wrote about a product. */
export interface __Name__ {
  readonly id: string;
  readonly productId: string;
  /** Null after the account was deleted. */
  readonly authorId: string | null;
  readonly text: string;
  readonly createdAt: Date;
}

/** The maximum number of characters in the text of __a__ __name__. */
export const MAX_TEXT_LENGTH = 2_000;

/** Normalises the text: removes spaces at its ends and repeated line breaks. */
export function normaliseText(text: string): string {
  return text.trim().replace(/\n{3,}/g, '\n\n');
}
