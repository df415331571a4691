/**
 * Writes catalogue.json, the demo's catalogue: the products of handpicked.json as they are, and those that assortment.mjs
 * describes, with prices and stock from a fixed seed. The same input gives the same file, on every machine.
 *
 *   node prisma/product/seed/generate.mjs [--check]      --check writes nothing, and fails when the file is another
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { categories, lines } from './assortment.mjs';

const at = (name) => new URL(name, import.meta.url);

/** Mulberry32: 32 bits of state, enough to make prices look unplanned. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As shops do: small amounts end in 90 cents, large ones in 9 dollars. */
function priceNear(dollars) {
  if (dollars < 60) return Math.max(1, Math.round(dollars)) * 100 - 10;
  return Math.max(9, Math.round(dollars / 10) * 10 - 1) * 100;
}

function productsOf({ category, code, noun, styles, sizes, from, to, description }, random) {
  return styles.flatMap((style, styleIndex) =>
    sizes.map((size, sizeIndex) => {
      const position = sizes.length === 1 ? styleIndex / styles.length : sizeIndex / (sizes.length - 1);
      const price = from + (to - from) * position * (0.92 + 0.16 * random());
      const separator = /^(with|for) /.test(size) ? ' ' : ', ';
      return {
        sku: `${code}-${String(styleIndex + 1).padStart(2, '0')}${String(sizeIndex + 1).padStart(2, '0')}`,
        name: `${style} ${noun}${size === '' ? '' : separator + size}`,
        description,
        price: { amount: priceNear(price), currencyCode: 'USD' },
        // A few are sold out or nearly so: a demo without them hides half of what a shop has to show.
        initialStock:
          random() < 0.04 ? 0 : random() < 0.08 ? 1 + Math.floor(random() * 5) : 10 + Math.floor(random() * 190),
        category,
      };
    }),
  );
}

function generate() {
  const random = randomFrom(20_26_11_20);
  const handpicked = JSON.parse(readFileSync(at('handpicked.json'), 'utf8'));
  const names = new Set(handpicked.map(({ name }) => name));
  const made = lines.flatMap((line) => productsOf(line, random)).filter(({ name }) => !names.has(name));
  const products = [...handpicked, ...made];
  const row = (value) => `    ${JSON.stringify(value)}`;
  const tree = categories.map(([slug, name, parent]) => row({ slug, name, parent }));
  return `{\n  "categories": [\n${tree.join(',\n')}\n  ],\n  "products": [\n${products.map(row).join(',\n')}\n  ]\n}\n`;
}

const text = generate();
if (process.argv[2] !== '--check') {
  writeFileSync(at('catalogue.json'), text);
} else if (readFileSync(at('catalogue.json'), 'utf8') !== text) {
  console.error('catalogue.json is not what generate.mjs writes: run node prisma/product/seed/generate.mjs.');
  process.exitCode = 1;
}
