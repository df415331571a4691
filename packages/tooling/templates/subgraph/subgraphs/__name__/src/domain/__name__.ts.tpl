/** __A__ __name__ that a customer wrote about a product. */
export interface __Name__ {
  readonly id: string;
  readonly productId: string;
  /** Null after the account was deleted. */
  readonly authorId: string | null;
  readonly text: string;
  readonly createdAt: Date;
}

/** The most characters that the text of __a__ __name__ may have. */
export const MAX_TEXT_LENGTH = 2_000;

/** The text as it is kept: without space at its ends, and with single line breaks between paragraphs. */
export function normaliseText(text: string): string {
  return text.trim().replace(/\n{3,}/g, '\n\n');
}
