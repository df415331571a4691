import type { Api } from './api.ts';
import { refusal, type Outcome } from './products.ts';

export async function listCategories(api: Api): Promise<Set<string>> {
  const { categories } = await api.request<{ categories: readonly { slug: string }[] }>('{ categories { slug } }');
  return new Set(categories.map(({ slug }) => slug));
}

/** Makes a category at the top. That it is there already, by another's hand or by a try whose answer was lost, is as good. */
export async function createCategory(api: Api, category: { slug: string; name: string }): Promise<void> {
  const { createCategory: outcome } = await api.request<{ createCategory: Outcome }>(
    `mutation ($input: CreateCategoryInput!) {
      createCategory(input: $input) { __typename ... on UserError { code message } ... on InvalidInput { issues { path message } } }
    }`,
    { input: category },
  );
  if (outcome.__typename !== 'CreateCategorySuccess' && outcome.__typename !== 'SlugTaken') throw refusal(outcome);
}
