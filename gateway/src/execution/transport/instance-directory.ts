import { lookup as lookupInDns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isSocketUrl } from '@shop/process';

/** Where an instance of a subgraph is. */
export interface InstancePlace {
  readonly url: string;
  /** One address of several that the host name has; undefined when connections go to the name. */
  readonly address?: LookupAddress;
}

interface Instance {
  /** Ends the calls in flight, then closes. */
  close(): Promise<void>;
}

export interface InstanceDirectoryOptions<T extends Instance> {
  readonly urls: readonly string[];
  readonly open: (place: InstancePlace) => T;
  /** Called when instances were added or removed. */
  readonly onChange?: () => void;
  /** Milliseconds between two lookups of the host names. Default: 10,000. */
  readonly refreshMs?: number;
  /** DNS by default. */
  readonly lookup?: LookupFunction | undefined;
}

/** A broken connection may mean that an address is gone. Names are not looked up more often than this. */
const minRefreshMs = 1_000;

/**
 * The instances of one subgraph: one for each URL, or, if the host name of a URL has several addresses, one for each of those. The names
 * are looked up again from time to time. While that fails, the instances remain.
 */
export class InstanceDirectory<T extends Instance> {
  readonly #options: InstanceDirectoryOptions<T>;
  /** The URLs whose host is a name and not an address. */
  readonly #names: readonly { readonly url: string; readonly hostname: string }[];
  readonly #open = new Map<string, T>();
  readonly #timer: NodeJS.Timeout | undefined;
  #instances: readonly T[] = [];
  #places: ReadonlyMap<string, readonly InstancePlace[]>;
  #lookedUpAtMs = -Infinity;
  #isClosed = false;

  constructor(options: InstanceDirectoryOptions<T>) {
    const { refreshMs = 10_000 } = options;
    this.#options = options;
    this.#places = new Map(options.urls.map((url) => [url, [{ url }]]));
    this.#names = [...this.#places.keys()]
      .filter((url) => !isSocketUrl(url))
      .map((url) => ({ url, hostname: new URL(url).hostname }))
      .filter(({ hostname }) => isIP(hostname.replace(/^\[|\]$/g, '')) === 0);
    this.#update();
    if (this.#names.length === 0) return;
    this.refresh();
    this.#timer = setInterval(() => this.refresh(), refreshMs).unref();
  }

  get instances(): readonly T[] {
    return this.#instances;
  }

  /** Looks up the host names again, unless that happened a moment ago. */
  refresh(): void {
    if (this.#isClosed || this.#names.length === 0 || performance.now() - this.#lookedUpAtMs < minRefreshMs) return;
    this.#lookedUpAtMs = performance.now();
    void Promise.all(this.#names.map(({ url, hostname }) => this.#lookUp(url, hostname))).then(() => this.#update());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#open.values()].map((instance) => instance.close()));
  }

  async #lookUp(url: string, hostname: string): Promise<void> {
    const found = await listAddresses(hostname, this.#options.lookup ?? lookupInDns);
    if (found.length === 0) return;
    const places = found.length === 1 ? [{ url }] : found.map((address) => ({ url, address }));
    this.#places = new Map([...this.#places, [url, places]]);
  }

  /** Opens the instances that are new, and closes those that are gone. */
  #update(): void {
    if (this.#isClosed) return;
    const places = new Map(
      [...this.#places.values()].flat().map((place) => [`${place.url} ${place.address?.address ?? ''}`, place]),
    );
    const gone = [...this.#open].filter(([key]) => !places.has(key));
    const added = [...places].filter(([key]) => !this.#open.has(key));
    for (const [key, place] of added) this.#open.set(key, this.#options.open(place));
    for (const [key] of gone) this.#open.delete(key);
    if (gone.length + added.length === 0) return;
    this.#instances = [...this.#open.values()];
    for (const [, instance] of gone) void instance.close();
    this.#options.onChange?.();
  }
}

/**
 * Lists the addresses of a host name that are different instances. A host that has addresses of both families is not two, so only those
 * of IPv4 count, if there are any. The list is empty when the name is unknown now.
 */
function listAddresses(hostname: string, lookup: LookupFunction): Promise<readonly LookupAddress[]> {
  return new Promise((resolve) => {
    lookup(hostname, { all: true }, (error, found, family) => {
      if (error !== null) return resolve([]);
      const all = Array.isArray(found) ? found : [{ address: found, family: family ?? isIP(found) }];
      const ofIPv4 = all.filter((each) => each.family === 4);
      resolve(ofIPv4.length > 0 ? ofIPv4 : all);
    });
  });
}

/** A lookup that finds one address only, whatever the name is. */
export function lookupOnly({ address, family }: LookupAddress): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
