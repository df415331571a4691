/** The languages of the templates. The first one is for recipients whose language is not known. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

/** Day before month, and 24 hours: an English date that cannot be misread. */
const dateLocales: Readonly<Record<Locale, string>> = { en: 'en-GB', de: 'de-DE' };
const amountLocales: Readonly<Record<Locale, string>> = { en: 'en', de: 'de-DE' };

/** A moment in words, with its time zone. */
export function formatInstant(instant: Date, locale: Locale, timeZone: string): string {
  return new Intl.DateTimeFormat(dateLocales[locale], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(instant);
}

/**
 * An amount with its currency.
 *
 * @param amountMinor - In the currency's minor unit.
 * @param exponent - The number of decimals of the currency.
 */
export function formatAmount(amountMinor: number, currencyCode: string, exponent: number, locale: Locale): string {
  const format = new Intl.NumberFormat(amountLocales[locale], {
    style: 'currency',
    currency: currencyCode,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  return format.format(amountMinor / 10 ** exponent);
}

/** A whole number. */
export function formatCount(count: number, locale: Locale): string {
  return new Intl.NumberFormat(amountLocales[locale]).format(count);
}
