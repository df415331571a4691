import { plainLine } from '@shop/subgraph';
import { iso31661 } from 'iso-3166';
import { formatAddress } from 'localized-address-format';
import { z } from 'zod';

const optional = (max: number) =>
  plainLine(max)
    .trim()
    .nullish()
    .transform((value) => value || null);
const required = (max: number) => plainLine(max).trim().min(1);

/** The codes that ISO 3166-1 has assigned: none of those that are only reserved or in use elsewhere, such as UK, EU and XK. */
const countries: ReadonlySet<string> = new Set(
  iso31661.filter(({ state }) => state === 'assigned').map(({ alpha2 }) => alpha2),
);

/** Returns whether addresses of a country have a postal code, by Google's address data. */
function hasPostalCodes(country: string): boolean {
  const marked = formatAddress({ postalCountry: country, addressLines: ['street'], postalCode: 'POSTAL-CODE' });
  return marked.some((line) => line.includes('POSTAL-CODE'));
}

const withoutPostalCodes: ReadonlySet<string> = new Set([...countries].filter((country) => !hasPostalCodes(country)));

/** A postal address. A postal code is required where the country has them. Elsewhere it may be empty. */
export const addressInput = z
  .object({
    recipient: optional(200),
    street: required(200),
    city: required(100),
    state: optional(100),
    postalCode: plainLine(20).trim(),
    country: z.string().refine((code) => countries.has(code), 'must be an ISO 3166-1 alpha-2 code in capitals'),
  })
  .check(({ value, issues }) => {
    if (value.postalCode === '' && countries.has(value.country) && !withoutPostalCodes.has(value.country))
      issues.push({
        code: 'custom',
        input: value.postalCode,
        path: ['postalCode'],
        message: `must not be empty: addresses in ${value.country} have a postal code`,
      });
  });
