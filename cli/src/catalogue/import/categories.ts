import { CategoryTree, CreateCategory } from '@shop/client';
import { RefusedError } from '../api/errors.ts';
import type { CatalogueApi } from '../api/open-api.ts';
import { describeRefusal } from '../api/refusal.ts';

interface NewCategory {
  readonly slug: string;
  readonly name: string;
}

export interface Categories {
  /**
   * Makes sure that a category exists, with its slug or else with its name, and returns its slug. In a dry run, returns null for one that
   * would be created.
   *
   * @throws RefusedError when it is missing and cannot be created
   */
  require(category: NewCategory): Promise<string | null>;
  /** The reason why a category cannot be used; null when it exists, or may be created. */
  findIssue(category: NewCategory): string | null;
  /** The number of created categories. In a dry run, the number that would be created. */
  countCreated(): number;
}

export async function openCategories(
  api: CatalogueApi,
  { mayCreate, isDryRun }: { mayCreate: boolean; isDryRun: boolean },
): Promise<Categories> {
  const { categories } = await api.request(CategoryTree, {});
  const bySlug = new Map(categories.map((category) => [category.slug, category]));
  const byName = new Map(categories.map((category) => [category.name.toLowerCase(), category]));
  const find = ({ slug, name }: NewCategory) => bySlug.get(slug) ?? byName.get(name.toLowerCase());
  const findIssue = (category: NewCategory) =>
    mayCreate || find(category) !== undefined
      ? null
      : `category: "${category.slug}" does not exist; --create-categories creates it`;
  // Rows of the same new category wait for one creation.
  const creations = new Map<string, Promise<void>>();
  let created = 0;
  const create = async (category: NewCategory) => {
    if (!isDryRun) await createCategory(api, category);
    created += 1;
  };
  return {
    countCreated: () => created,
    findIssue,
    async require(category) {
      const known = find(category);
      if (known !== undefined) return known.slug;
      const issue = findIssue(category);
      if (issue !== null) throw new RefusedError(issue);
      const creation = creations.get(category.slug) ?? create(category);
      creations.set(category.slug, creation);
      await creation;
      return isDryRun ? null : category.slug;
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
