import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeptAnswer } from '../cache/answer-cache.ts';
import { readTag, type Channels } from '../cache/channels.ts';
import { versionTokenHeader } from '../cache/version-tokens.ts';

export interface HttpCachingOptions {
  /** Seconds for which caches outside may serve an answer without asking again. */
  readonly seconds: number;
  readonly channels: Pick<Channels, 'listTypes'>;
}

/** Lets browsers, proxies and CDNs keep the answer to a GET. */
export interface HttpCaching {
  /**
   * Sets the headers of an answer that is kept.
   *
   * @returns true when the client has this answer, so that it needs no body
   */
  offer(request: FastifyRequest, reply: FastifyReply, answer: KeptAnswer): boolean;
}

/** Proxies cut longer headers, or refuse the answer. */
const maxKeyBytes = 8_000;

/** They tell one client about itself. */
const clientHeaders = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];

/** The names by which caches outside ask for an answer again, and drop it. */
interface Validators {
  readonly etag: string;
  readonly keys: readonly string[];
}

export function createHttpCaching({ seconds, channels }: HttpCachingOptions): HttpCaching {
  const cacheControl = seconds === 0 ? 'public, no-cache' : `public, max-age=${seconds}`;
  /** By the text of the answer, which is one object as long as it is kept. */
  const described = new WeakMap<Buffer, Validators>();

  function describe({ text, tags }: KeptAnswer): Validators {
    let known = described.get(text);
    if (known === undefined) {
      // Weak: the same answer may be compressed.
      const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
      described.set(text, (known = { etag, keys: listSurrogateKeys(tags, channels) }));
    }
    return known;
  }

  return {
    offer(request, reply, answer) {
      const { sharing } = answer;
      const { authorization, 'if-none-match': known } = request.headers;
      if (sharing === 'some' || (sharing === 'anonymous' && authorization !== undefined)) {
        reply.header('cache-control', 'no-store');
        return false;
      }
      const { etag, keys } = describe(answer);
      for (const name of clientHeaders) reply.removeHeader(name);
      // Events have kept the answer true until now, so its age is that of the last sign of the events: less than a second.
      reply.headers({ 'cache-control': cacheControl, age: '0', etag, vary: addVary(reply, sharing) });
      if (keys.length > 0) reply.headers({ 'surrogate-key': keys.join(' '), 'cache-tag': keys.join(',') });
      return known !== undefined && hasEtag(known, etag);
    },
  };
}

/**
 * The members of a request on which an answer depends. Signed-in callers may see more than those who are not, and who has written must not
 * get what was kept before.
 */
function addVary(reply: FastifyReply, sharing: KeptAnswer['sharing']): string {
  const names = ['accept', versionTokenHeader, ...(sharing === 'anonymous' ? ['authorization'] : [])];
  const set = reply.getHeader('vary');
  return [...(set === undefined ? [] : [String(set)]), ...names].join(', ');
}

/** @param header `If-None-Match`, whose entity tags are compared weakly */
function hasEtag(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((known) => known.trim().replace(/^(?!W\/)/, 'W/') === etag);
}

/**
 * The keys by which a CDN drops an answer. After an event `shop.product.updated.v1` about the object 7, drop `product` and `product:7`.
 * Where there are too many objects, only the first key of the two stands.
 */
export function listSurrogateKeys(tags: readonly string[], channels: Pick<Channels, 'listTypes'>): readonly string[] {
  const keys = new Set<string>();
  const kinds = new Set<string>();
  for (const tag of tags) {
    const { channel, subject } = readTag(tag);
    for (const type of channels.listTypes(channel)) {
      const kind = nameKind(type);
      kinds.add(kind);
      keys.add(subject === undefined ? kind : `${kind}:${subject}`);
    }
  }
  const isShort = [...keys].reduce((sum, key) => sum + key.length + 1, 0) <= maxKeyBytes;
  return [...(isShort ? keys : kinds)];
}

/** The kind of object that events of a type are about: `product` of `shop.product.updated.v1`. */
function nameKind(type: string): string {
  const parts = type.split('.');
  return parts.at(-3) ?? type;
}
