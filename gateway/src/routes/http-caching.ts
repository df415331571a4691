import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeptAnswer } from '../cache/answer-cache.ts';
import { readTag, type Channels } from '../cache/channels.ts';

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

export function createHttpCaching({ seconds, channels }: HttpCachingOptions): HttpCaching {
  const cacheControl = seconds === 0 ? 'public, no-cache' : `public, max-age=${seconds}`;
  const etags = new WeakMap<Buffer, string>();

  function findEtag(text: Buffer): string {
    let etag = etags.get(text);
    if (etag === undefined)
      // Weak: the same answer may be compressed.
      etags.set(text, (etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`));
    return etag;
  }

  return {
    offer(request, reply, { text, tags, sharing }) {
      const { authorization, 'if-none-match': known } = request.headers;
      if (sharing === 'some' || (sharing === 'anonymous' && authorization !== undefined)) {
        reply.header('cache-control', 'no-store');
        return false;
      }
      const etag = findEtag(text);
      const keys = listSurrogateKeys(tags, channels);
      for (const name of clientHeaders) reply.removeHeader(name);
      // Events have kept the answer true until now, so its age is that of the last sign of the events: less than a second.
      reply.headers({ 'cache-control': cacheControl, age: '0', etag, vary: addVary(reply, sharing) });
      if (keys.length > 0) reply.headers({ 'surrogate-key': keys.join(' '), 'cache-tag': keys.join(',') });
      return known !== undefined && hasEtag(known, etag);
    },
  };
}

/** Signed-in callers may see more than the answer that those have who are not. */
function addVary(reply: FastifyReply, sharing: KeptAnswer['sharing']): string {
  const set = reply.getHeader('vary');
  return [
    ...(set === undefined ? [] : [String(set)]),
    'accept',
    ...(sharing === 'anonymous' ? ['authorization'] : []),
  ].join(', ');
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
