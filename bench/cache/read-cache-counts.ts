/** Lookups in the cache of a gateway since its start, by level and result. */
export interface CacheCounts {
  readonly answer: { readonly hit: number; readonly miss: number };
  readonly part: { readonly hit: number; readonly miss: number };
}

export async function readCacheCounts(metricsUrl: string): Promise<CacheCounts> {
  const text = await (await fetch(metricsUrl)).text();
  const read = (level: string, result: string): number =>
    Number(new RegExp(`cache_lookups_total\\{level="${level}",result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  const readLevel = (level: string) => ({ hit: read(level, 'hit'), miss: read(level, 'miss') });
  return { answer: readLevel('answer'), part: readLevel('part') };
}
