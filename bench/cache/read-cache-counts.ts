/** Lookups in the cache of a gateway since its start, by level and result. */
export interface CacheCounts {
  readonly answer: { readonly hit: number; readonly miss: number };
  readonly part: { readonly hit: number; readonly miss: number };
}

/** Events that reached the gateway, and those of them that took at most 50 ms from the broker. */
export interface EventDelays {
  readonly all: number;
  readonly inTime: number;
}

export async function readEventDelays(metricsUrl: string): Promise<EventDelays> {
  const text = await (await fetch(metricsUrl)).text();
  const sum = (line: RegExp): number => [...text.matchAll(line)].reduce((total, [, count]) => total + Number(count), 0);
  return {
    all: sum(/^shop_gateway_event_delay_seconds_count\{.*\} (\d+)$/gm),
    inTime: sum(/^shop_gateway_event_delay_seconds_bucket\{.*le="0.05".*\} (\d+)$/gm),
  };
}

export async function readCacheCounts(metricsUrl: string): Promise<CacheCounts> {
  const text = await (await fetch(metricsUrl)).text();
  const read = (level: string, result: string): number =>
    Number(new RegExp(`cache_lookups_total\\{level="${level}",result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  const readLevel = (level: string) => ({ hit: read(level, 'hit'), miss: read(level, 'miss') });
  return { answer: readLevel('answer'), part: readLevel('part') };
}
