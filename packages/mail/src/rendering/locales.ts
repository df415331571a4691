/** The languages of the templates. The first one is for recipients whose language is not known. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

/** Day before month, and 24 hours: an English date that cannot be misread. */
const dateLocales: Readonly<Record<Locale, string>> = { en: 'en-GB', de: 'de-DE' };
const amountLocales: Readonly<Record<Locale, string>> = { en: 'en', de: 'de-DE' };

/** Making a formatter takes a hundred times as long as using it. There are as many as languages, currencies and time zones of the shop. */
const formatters = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function findFormatter<Formatter extends Intl.DateTimeFormat | Intl.NumberFormat>(
  key: string,
  make: () => Formatter,
): Formatter {
  let formatter = formatters.get(key) as Formatter | undefined;
  if (formatter === undefined) formatters.set(key, (formatter = make()));
  return formatter;
}

/** A moment in words, with its time zone. */
export function formatInstant(instant: Date, locale: Locale, timeZone: string): string {
  const make = (): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(dateLocales[locale], {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZone,
      timeZoneName: 'short',
    });
  return findFormatter(`instant ${locale} ${timeZone}`, make).format(instant);
}

/**
 * An amount with its currency.
 *
 * @param amountMinor - In the currency's minor unit.
 * @param exponent - The number of decimals of the currency.
 */
export function formatAmount(amountMinor: number, currencyCode: string, exponent: number, locale: Locale): string {
  const make = (): Intl.NumberFormat =>
    new Intl.NumberFormat(amountLocales[locale], {
      style: 'currency',
      currency: currencyCode,
      minimumFractionDigits: exponent,
      maximumFractionDigits: exponent,
    });
  return findFormatter(`amount ${locale} ${currencyCode} ${exponent}`, make).format(amountMinor / 10 ** exponent);
}

/** A whole number. */
export function formatCount(count: number, locale: Locale): string {
  return findFormatter(`count ${locale}`, () => new Intl.NumberFormat(amountLocales[locale])).format(count);
}
