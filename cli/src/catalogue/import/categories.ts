import { CategoryTree, CreateCategory } from '@shop/client';
import { RefusedError } from '../api/errors.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import { describeRefusal } from '../api/refusal.ts';

interface NewCategory {
  readonly slug: string;
  readonly name: string;
}

export interface Categories {
  /** Makes sure that a category exists. @throws RefusedError when it is missing and may not be created. */
  require(category: NewCategory): Promise<void>;
  /** The number of created categories. In a dry run, the number that would be created. */
  countCreated(): number;
}

export async function openCategories(
  api: CatalogueApi,
  { mayCreate, isDryRun }: { mayCreate: boolean; isDryRun: boolean },
): Promise<Categories> {
  const { categories } = await api.request(CategoryTree, {});
  const known = new Set(categories.map(({ slug }) => slug));
  // Rows of the same new category wait for one creation.
  const creations = new Map<string, Promise<void>>();
  let created = 0;
  const create = async (category: NewCategory) => {
    if (!isDryRun) await createCategory(api, category);
    created += 1;
  };
  return {
    countCreated: () => created,
    async require(category) {
      if (known.has(category.slug)) return;
      if (!mayCreate)
        throw new RefusedError(`category: "${category.slug}" does not exist; --create-categories creates it`);
      const creation = creations.get(category.slug) ?? create(category);
      creations.set(category.slug, creation);
      await creation;
    },
  };
}

/**
 * Creates a top-level category. It may exist already, when somebody else or an attempt whose answer was lost has
 * created it.
 */
async function createCategory(api: CatalogueApi, input: NewCategory): Promise<void> {
  const { createCategory: outcome } = await api.request(CreateCategory, { input });
  if (outcome.__typename !== 'CreateCategorySuccess' && outcome.__typename !== 'SlugTaken')
    throw describeRefusal(outcome);
}
