/** One step of a session, on its own line. */
export function say(step: string, what: string): void {
  console.log(`${step.padEnd(12)} ${what}`);
}

/** 1999 USD cents as `$19.99`, 1999 JPY as `¥1,999`. The currency decides the number of decimals. */
export function money({ amount, currencyCode }: { readonly amount: number; readonly currencyCode: string }): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
