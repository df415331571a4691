/** Finds the words that a misspelt word may mean: those with the fewest mistakes, up to one in three characters. */
export function nearestWords(misspelt: string, known: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(misspelt.length / 3));
  const near = known
    .map((word) => ({ word, mistakes: countMistakes(misspelt, word) }))
    .filter(({ mistakes }) => mistakes <= most);
  const fewest = Math.min(...near.map(({ mistakes }) => mistakes));
  // One mistake more than the minimum, so that "phones" is found along with "phone".
  return near.filter(({ mistakes }) => mistakes <= fewest + 1).map(({ word }) => word);
}

/**
 * Counts characters that were omitted, added, replaced or swapped with the next: the optimal string alignment
 * distance.
 */
export function countMistakes(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
