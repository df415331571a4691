/** A category of the catalogue. Categories form a tree. */
export interface Category {
  readonly id: string;
  /** Unique, for URLs. */
  readonly slug: string;
  readonly name: string;
  /** Null at the top. */
  readonly parentId: string | null;
  readonly version: number;
}

/** Fields to change. A field that is undefined stays. */
export type CategoryChange = {
  readonly [Field in 'slug' | 'name' | 'parentId']?: Category[Field] | undefined;
};

/** Returns the category with a change and the next version, or the same category when nothing differs. */
export function changeCategory(category: Category, wanted: CategoryChange): Category {
  const differences = Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && value !== category[field as keyof CategoryChange],
    ),
  );
  if (Object.keys(differences).length === 0) return category;
  return { ...category, ...differences, version: category.version + 1 };
}
