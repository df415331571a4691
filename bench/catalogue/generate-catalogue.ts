import { createRandom, type Random } from './random.ts';
import { adjectives, brands, departments, materials, occasions, qualities, syllables } from './words.ts';

export interface BenchCategory {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly parentId: string | null;
}

export interface BenchProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly priceMinor: number;
  readonly categoryId: string;
  readonly onHand: number;
  readonly createdAt: Date;
  readonly movementId: string;
}

interface Shelf {
  readonly categoryId: string;
  readonly nouns: readonly [string, string];
}

const START = Date.UTC(2026, 0, 1);
const SEED = 20261120;

/** A UUIDv7 made from a time and from random bits that are the same in each run. */
function idAt(milliseconds: number, random: Random): string {
  const time = milliseconds.toString(16).padStart(12, '0');
  const bits = () =>
    random
      .below(2 ** 16)
      .toString(16)
      .padStart(4, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits().slice(1)}-8${bits().slice(1)}-${bits()}${bits()}${bits()}`;
}

/** The categories. Departments come first, so that each parent comes before its children. */
export function generateCategories(): { categories: BenchCategory[]; shelves: Shelf[] } {
  const random = createRandom(SEED);
  const categories: BenchCategory[] = [];
  const shelves: Shelf[] = [];
  const add = (name: string, slug: string, parentId: string | null): string => {
    const id = idAt(START - 86_400_000 + categories.length, random);
    categories.push({ id, name, slug, parentId });
    return id;
  };
  const slugOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-');
  const tops = Object.entries(departments).map(([name, below]) => ({ id: add(name, slugOf(name), null), name, below }));
  for (const { id, name, below } of tops) {
    for (const [shelf, nouns] of Object.entries(below)) {
      shelves.push({ categoryId: add(shelf, `${slugOf(name)}-${slugOf(shelf)}`, id), nouns });
    }
  }
  return { categories, shelves };
}

/** The newest products are an import of similar ones: at most so many, and one in twenty. */
const IMPORTED = 1_000;

/**
 * Yields the products, one per minute of creation time. The first products are the same in a catalogue of any size. The
 * imported ones have a description without the common words of others.
 */
export function* generateProducts(count: number): Generator<BenchProduct> {
  const random = createRandom(SEED + 1);
  const { shelves } = generateCategories();
  const firstImported = count - Math.min(IMPORTED, Math.floor(count / 20));
  for (let index = 0; index < count; index += 1) {
    const shelf = random.pick(shelves);
    const noun = random.pick(shelf.nouns);
    const brand = random.pick(brands);
    const series = `${random.pick(syllables)}${random.pick(syllables)}${random.pick(syllables)}`;
    const createdAt = new Date(START + index * 60_000);
    yield {
      id: idAt(createdAt.getTime(), random),
      sku: `${brand.slice(0, 3)}-${noun.slice(0, 3)}-${(index + 46_656).toString(36)}`.toUpperCase(),
      name: `${brand} ${series[0]?.toUpperCase()}${series.slice(1)} ${random.pick(adjectives)} ${noun}`,
      description: index < firstImported ? describe(noun, random) : `The ${noun.toLowerCase()} of a supplier.`,
      priceMinor: 199 + random.below(40) ** 2 * 50 + random.below(100),
      categoryId: shelf.categoryId,
      // Enough for every order of the benchmark.
      onHand: 1_000 + random.below(9_000),
      createdAt,
      movementId: idAt(createdAt.getTime(), random),
    };
  }
}

function describe(noun: string, random: Random): string {
  const [material, quality, other] = [random.pick(materials), random.pick(qualities), random.pick(qualities)];
  return (
    `A ${quality} ${noun.toLowerCase()} of ${material}, made for ${random.pick(occasions)}. It is ${other}, ` +
    `weighs ${200 + random.below(4_000)} grams and comes with a guarantee of ${1 + random.below(5)} years.`
  );
}
