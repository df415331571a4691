import type { Source } from './source.ts';

/** Types of events that change the same values. */
export interface Channel {
  readonly id: number;
  /** The streams of its events. */
  readonly streams: readonly Source[];
  /** In alphabetical order. */
  readonly types: readonly string[];
  /** The number of the last invalidation by an event that came before the channel was there: it has dropped nothing. */
  readonly unseenUntil: number;
}

/** The sets of event types that the declarations of supergraphs name. */
export class Channels {
  readonly #findStream: (type: string) => Source | undefined;
  readonly #findLastNumber: (type: string) => number;
  readonly #byTypes = new Map<string, Channel>();
  readonly #byType = new Map<string, Channel[]>();
  readonly #byId = new Map<string, Channel>();

  /**
   * @param findStream finds the stream of events of a type; undefined where nobody publishes them
   * @param findLastNumber finds the number of the last event of a type; default: there was none
   */
  constructor(findStream: (type: string) => Source | undefined, findLastNumber: (type: string) => number = () => 0) {
    this.#findStream = findStream;
    this.#findLastNumber = findLastNumber;
  }

  /** @returns undefined when nobody publishes events of one of the types: nothing that depends on them can be kept */
  find(types: readonly string[]): Channel | undefined {
    const key = [...types].sort().join(' ');
    const known = this.#byTypes.get(key);
    if (known !== undefined) return known;
    const streams = new Set<Source>();
    for (const type of types) {
      const stream = this.#findStream(type);
      if (stream === undefined) return undefined;
      streams.add(stream);
    }
    const channel = {
      id: this.#byTypes.size + 1,
      streams: [...streams],
      types: [...types].sort(),
      unseenUntil: Math.max(0, ...types.map((type) => this.#findLastNumber(type))),
    };
    this.#byTypes.set(key, channel);
    this.#byId.set(String(channel.id), channel);
    for (const type of types) this.#byType.set(type, [...(this.#byType.get(type) ?? []), channel]);
    return channel;
  }

  /** The channels that an event belongs to. */
  ofType(type: string): readonly Channel[] {
    return this.#byType.get(type) ?? none;
  }

  /** The types of events of a channel, in alphabetical order, by the text with which a tag of it begins. */
  listTypes(id: string): readonly string[] {
    return this.#byId.get(id)?.types ?? [];
  }

  /** The types of events of the channels of tags, so that another process can translate the tags. */
  describe(tags: readonly string[]): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(tags.map((tag) => readTag(tag).channel).map((id) => [id, this.listTypes(id)]));
  }

  /**
   * Translates the tags of another process.
   *
   * @param channels as {@link describe} returned them there
   * @returns the tags, and the number of the last event that could not drop them since their channel was not there. Undefined when this
   *   process cannot have one of the channels
   */
  translate(
    tags: readonly string[],
    channels: Readonly<Record<string, readonly string[]>>,
  ): { readonly tags: readonly string[]; readonly unseenUntil: number } | undefined {
    const own = new Map<string, Channel>();
    for (const [id, types] of Object.entries(channels)) {
      const channel = this.find(types);
      if (channel === undefined) return undefined;
      own.set(id, channel);
    }
    const translated: string[] = [];
    for (const tag of tags) {
      const { channel: id, subject } = readTag(tag);
      const channel = own.get(id);
      if (channel === undefined) return undefined;
      translated.push(subject === undefined ? tagOfAll(channel) : tagOfSubject(channel, subject));
    }
    return { tags: translated, unseenUntil: Math.max(0, ...[...own.values()].map(({ unseenUntil }) => unseenUntil)) };
  }
}

const none: readonly Channel[] = [];

/** The tag of values that change with the events about one object. */
export function tagOfSubject({ id }: Channel, subject: string): string {
  // Services write ids in lower case, and accept them in any.
  return `${id}:${subject.toLowerCase()}`;
}

/** The parts of a tag. Without a subject, any event of the channel counts. */
export function readTag(tag: string): { readonly channel: string; readonly subject: string | undefined } {
  const end = tag.indexOf(':');
  return end < 0 ? { channel: tag, subject: undefined } : { channel: tag.slice(0, end), subject: tag.slice(end + 1) };
}

/** The tag of values that change with any event of a channel. */
export function tagOfAll({ id }: Channel): string {
  return `${id}`;
}
