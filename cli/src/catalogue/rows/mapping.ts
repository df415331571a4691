/** What a product is made of, by the API's names. */
export const TARGETS = [
  'sku',
  'name',
  'description',
  'price.amount',
  'price.currencyCode',
  'category',
  'imageUrl',
  'onSale',
  'initialStock',
] as const;
export type Target = (typeof TARGETS)[number];

export interface Source {
  /** A column of a CSV file; a member of an object, or a path such as `price.amount`. */
  readonly name: string;
  /** The amount is in the currency's unit, such as 19.99, not in its minor unit. */
  readonly isDecimal: boolean;
}

export type Mapping = Readonly<Record<Target, Source>>;

/** Reads `target=source` and `price.amount=source:decimal`. A target that is not named has its own name as source. */
export function parseMapping(assignments: readonly string[]): Mapping {
  const mapping = Object.fromEntries(TARGETS.map((target) => [target, { name: target, isDecimal: false }])) as Record<
    Target,
    Source
  >;
  for (const assignment of assignments) {
    const split = assignment.indexOf('=');
    const target = TARGETS.find((name) => name === assignment.slice(0, split));
    if (split < 0 || target === undefined)
      throw new Error(`--map ${assignment}: it is TARGET=SOURCE, and TARGET one of ${TARGETS.join(', ')}.`);
    const [, name = '', decimal] = /^(.*?)(:decimal)?$/.exec(assignment.slice(split + 1)) ?? [];
    if (name === '') throw new Error(`--map ${assignment}: the source has no name.`);
    if (decimal !== undefined && target !== 'price.amount')
      throw new Error(`--map ${assignment}: only price.amount may be decimal.`);
    mapping[target] = { name, isDecimal: decimal !== undefined };
  }
  return mapping;
}

/** The value of a source; undefined where the row has none. A member with that very name goes before a path. */
export function valueAt(values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(values, name)) return values[name];
  let value: unknown = values;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
