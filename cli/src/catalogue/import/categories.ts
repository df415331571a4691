import type { Api } from '../api/api.ts';
import { createCategory, listCategories } from '../api/categories.ts';
import { Refused } from '../api/failures.ts';

export interface Categories {
  /** Sees to it that a category is there. @throws Refused when it is not and may not be made. */
  require(category: { slug: string; name: string }): Promise<void>;
  /** How many were made, or would have been. */
  created(): number;
}

export async function openCategories(
  api: Api,
  { mayCreate, isDryRun }: { mayCreate: boolean; isDryRun: boolean },
): Promise<Categories> {
  const known = await listCategories(api);
  // Rows of the same new category wait for one creation.
  const creations = new Map<string, Promise<void>>();
  let count = 0;
  const create = async (category: { slug: string; name: string }) => {
    if (!isDryRun) await createCategory(api, category);
    count += 1;
  };
  return {
    created: () => count,
    async require(category) {
      if (known.has(category.slug)) return;
      if (!mayCreate) throw new Refused(`category: there is no "${category.slug}"; --create-categories makes it`);
      const creation = creations.get(category.slug) ?? create(category);
      creations.set(category.slug, creation);
      await creation;
    },
  };
}
