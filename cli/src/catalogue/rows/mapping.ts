import type { AmountStyle } from './money.ts';

/** The fields of a product, with the names of the API. */
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
  /** A column of a CSV file, or a member of an object, or a path such as `price.amount`. */
  readonly name: string;
  /** How an amount is written. */
  readonly style: AmountStyle;
}

export type Mapping = Readonly<Record<Target, Source>>;

/**
 * Reads `target=source`, `price.amount=source:decimal` and `price.amount=source:decimal-comma`. A target
 * without a mapping has a source of the same name.
 *
 * @throws Error that explains the invalid mapping.
 */
export function parseMapping(assignments: readonly string[]): Mapping {
  const mapping = Object.fromEntries(
    TARGETS.map((target) => [target, { name: target, style: 'minor' as AmountStyle }]),
  ) as Record<Target, Source>;
  for (const assignment of assignments) {
    const split = assignment.indexOf('=');
    const target = TARGETS.find((name) => name === assignment.slice(0, split));
    if (split < 0 || target === undefined)
      throw new Error(`"${assignment}" is not TARGET=SOURCE with one of these targets: ${TARGETS.join(', ')}.`);
    const [, name = '', style = 'minor'] =
      /^(.*?)(?::(decimal|decimal-comma))?$/.exec(assignment.slice(split + 1)) ?? [];
    if (name === '') throw new Error(`"${assignment}" names no source.`);
    if (style !== 'minor' && target !== 'price.amount')
      throw new Error(`"${assignment}": only price.amount may be decimal.`);
    mapping[target] = { name, style: style as AmountStyle };
  }
  return mapping;
}

/**
 * The value of a source; undefined when the row has none. A member with exactly that name takes precedence over a path,
 * and a path over a name in other case.
 */
export function valueAt(values: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(values, name)) return values[name];
  let value: unknown = values;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return valueInOtherCase(values, name);
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function valueInOtherCase(values: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = name.toLowerCase();
  const found = Object.keys(values).find((other) => other.toLowerCase() === key);
  return found === undefined ? undefined : values[found];
}
