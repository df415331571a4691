/** The percentile: the value below which the given share of the ascending values lies. */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(part * ascending.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(middle)] ?? Number.NaN) + (ascending[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/**
 * The mean ratio of repeated comparisons and its 95 % confidence interval, in per cent: how much more the first side is than the second.
 * Ratios are averaged by their logarithms, so that both sides count alike. From ten comparisons on, two standard errors are the interval.
 */
export function compareRepeated(ratios: readonly number[]): { readonly percent: number; readonly plusMinus: number } {
  const logarithms = ratios.map(Math.log);
  const mean = logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length;
  const squares = logarithms.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (logarithms.length - 1) / logarithms.length);
  return { percent: 100 * (Math.exp(mean) - 1), plusMinus: 100 * Math.exp(mean) * 2 * standardError };
}
