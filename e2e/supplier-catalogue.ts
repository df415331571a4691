import { readFileSync } from 'node:fs';
import { chooseSize } from '@shop/testing/config';

/** A product in a supplier's format: other names than ours, decimal prices, and unknown fields. */
export interface SupplierProduct {
  readonly sku: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  /** In dollars. */
  readonly price: number;
  readonly stock: number;
  readonly tags: readonly string[];
  readonly weight: number;
  readonly thumbnail: string;
}

interface DemoProduct {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: { readonly amount: number };
  readonly category?: string | null;
}

export const PRODUCTS = chooseSize({ short: 110, long: 194 });
/** Texts that a careless import damages. */
const hostileTitles: Readonly<Record<number, string>> = {
  7: `O'Brien's "Best" Lamp; DROP TABLE products;--`,
  21: 'Café crème brûlée – 日本語 👩‍👩‍👧 مرحبا',
  35: '<script>alert("1")</script> & Sons, Ltd.',
  49: '=SUM(A1:A9)',
};

/** The file of a supplier, made from the demo catalogue. It is the same in each run. */
export function readSupplierCatalogue(): SupplierProduct[] {
  const { products } = JSON.parse(readFileSync('prisma/product/seed/catalogue.json', 'utf8')) as {
    products: readonly DemoProduct[];
  };
  return products.slice(0, PRODUCTS).map(({ sku, name, description, price, category }, index) => ({
    sku: `SUP-${sku}`,
    title: hostileTitles[index] ?? name,
    description,
    category: category ?? 'other',
    brand: name.split(' ')[0] ?? '',
    // Amounts such as 0.07 and 0.29 are no exact binary fractions. An import that multiplies floats is off by one.
    price: (price.amount + (index % 100)) / 100,
    stock: index % 48 === 5 ? 0 : 1 + ((index * 37) % 120),
    tags: [category ?? 'other', 'supplier'],
    weight: 1 + (index % 9),
    thumbnail: `https://images.example.com/products/${sku.toLowerCase()}/thumbnail.webp`,
  }));
}
