/** A category of the catalogue. Categories form a tree. */
export interface Category {
  readonly id: string;
  /** Unique, for URLs. */
  readonly slug: string;
  readonly name: string;
  /** Null at the top. */
  readonly parentId: string | null;
}
