import { createHash } from 'node:crypto';

/** Characters that a slug leaves out without changing the meaning of a name. */
const MEANINGLESS = /[\s\p{Pd}\p{Pc}\p{Ps}\p{Pe}\p{Pi}\p{Pf}&,.;:!?'"/\\|·]/gu;

/**
 * Makes the slug of a category from its name: "Home & Décor" becomes home-decor. A name with other characters than Latin letters and
 * digits also gets a hash of them, so that "C++" and "C#" are two categories and "茶叶" has a slug. Empty when the name has only
 * punctuation.
 */
export function makeSlug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const slug = trim(plain.replace(/[^a-z0-9]+/g, '-').slice(0, 64));
  const lost = plain.replace(MEANINGLESS, '').replace(/[a-z0-9]/g, '');
  if (lost === '') return slug;
  const hash = createHash('sha256').update(name.normalize('NFKC').toLowerCase().trim()).digest('hex').slice(0, 8);
  return `${trim(slug.slice(0, 55)) || 'category'}-${hash}`;
}

const trim = (slug: string) => slug.replace(/^-|-$/g, '');
