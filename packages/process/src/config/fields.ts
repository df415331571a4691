import { isIP } from 'node:net';
import type { JSONWebKeySet, JWK } from 'jose';
import { z } from 'zod';
import { findSocketPathMistake, isSocketUrl, readSocketUrl, SocketUrlError } from '../http/unix-socket.ts';
import { logLevels } from '../log/log-levels.ts';

const jwkShape = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  kid: z.string().min(1),
});

/** Parses and checks JSON. No error quotes the text, which may be a secret. */
function json<Schema extends z.ZodType>(schema: Schema, expected: string) {
  return z.string().transform((text, context): z.infer<Schema> => {
    const parsed = schema.safeParse(parseOrUndefined(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `must be ${expected}` });
    return z.NEVER;
  });
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function urlWith(protocols: readonly string[]) {
  const isAllowed = (text: string) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
  return z
    .string()
    .refine(isAllowed, { message: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}` });
}

/** One or more URLs, separated by commas, as a text. */
function urlsWith(protocols: readonly string[]) {
  const isAllowed = (text: string) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
  const starts = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return z.string().refine((text) => splitList(text).length > 0 && splitList(text).every(isAllowed), {
    message: `must be URLs that start with ${starts}, separated by commas`,
  });
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function findSocketUrlMistakes(url: string): string[] {
  try {
    if (isSocketUrl(url)) readSocketUrl(url);
    return [];
  } catch (error) {
    if (error instanceof SocketUrlError) return [`the URL of a socket ${error.message}`];
    throw error;
  }
}

const networkNames = ['loopback', 'linklocal', 'uniquelocal'];

function isNetwork(text: string): boolean {
  if (networkNames.includes(text)) return true;
  const [address = '', prefix, rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest !== undefined) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Checks for common kinds of environment variables, for the `shape` of {@link loadConfig}. */
export const fields = {
  /** A TCP port, 0 (any free one) to 65535. */
  port: (preset: number) =>
    z
      .string()
      .regex(/^\d{1,5}$/, { message: 'must be a port number' })
      .transform(Number)
      .refine((port) => port <= 65_535, { message: 'must be a port number up to 65535' })
      .default(preset),
  /**
   * The port of the gateway's metrics. The services have the following ports, in the order of their table. 0 means any free port, for
   * each of them.
   */
  metricsPort: () =>
    fields.port(9464).refine((port) => port <= 65_000, { message: 'must be a port number up to 65000' }),
  /** A whole number within bounds, in the variable's own unit. */
  integer: (preset: number, min: number, max: number) =>
    z
      .string()
      .regex(/^-?\d{1,15}$/, { message: 'must be a whole number' })
      .transform(Number)
      .refine((value) => value >= min && value <= max, { message: `must be from ${min} to ${max}` })
      .default(preset),
  /** `true` or `false`. */
  flag: (preset: boolean) =>
    z
      .enum(['true', 'false'])
      .transform((value) => value === 'true')
      .default(preset),
  /** Milliseconds for which a stopping process still accepts requests. Longer, and it would be ended by force. */
  shutdownDelay: () => fields.integer(0, 0, 10_000),
  /** Bytes of an answer of a subgraph. The subgraphs refuse to make larger ones, and the gateway to read much larger ones. */
  maxAnswerBytes: () => fields.integer(8 * 1024 * 1024, 1_024, 1024 * 1024 * 1024),
  host: () => z.string().default('127.0.0.1'),
  logLevel: () => z.enum(logLevels).default('info'),
  httpUrl: () => urlWith(['http:', 'https:']),
  /** One or more URLs of HTTP servers, separated by commas: `http://`, `https://`, or `unix:///` for one on a Unix socket. */
  httpUrls: () =>
    z.string().transform((text, context): string[] => {
      const urls = splitList(text);
      const message =
        urls.length > 0 && urls.every((url) => isSocketUrl(url) || fields.httpUrl().safeParse(url).success)
          ? urls.flatMap(findSocketUrlMistakes)[0]
          : 'must be URLs that start with http://, https:// or unix:///, separated by commas';
      if (message === undefined) return urls;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  /** The file of a Unix socket. */
  socketPath: () =>
    z.string().superRefine((text, context) => {
      const message = findSocketPathMistake(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  postgresUrl: () => urlWith(['postgres:', 'postgresql:']),
  /** One or more URLs of PostgreSQL, separated by commas. */
  postgresUrls: () => urlsWith(['postgres:', 'postgresql:']),
  /** One or more URLs of servers of one cluster, separated by commas. */
  natsUrl: () => urlsWith(['nats:', 'tls:']),
  redisUrl: () => urlWith(['redis:', 'rediss:']),
  /** Origins such as `https://shop.example`, and `localhost`, separated by commas. An empty text is an empty list. */
  origins: () =>
    z.string().transform((text, context): string[] => {
      const origins = splitList(text);
      const isOrigin = (origin: string) =>
        origin === 'localhost' || (URL.canParse(origin) && new URL(origin).origin === origin);
      if (origins.every(isOrigin)) return origins;
      context.addIssue({
        code: 'custom',
        message: 'must be origins such as https://shop.example, separated by commas',
      });
      return z.NEVER;
    }),
  /** IP addresses, CIDRs, `loopback`, `linklocal` and `uniquelocal`, separated by commas. */
  networks: () =>
    z.string().refine((text) => text.split(',').every((part) => isNetwork(part.trim())), {
      message: 'must be IP addresses or CIDRs, separated by commas',
    }),
  /** A private Ed25519 key as a JWK in JSON, with `kid`. */
  privateJwk: () =>
    json(jwkShape.extend({ d: z.string().min(1) }), 'a private Ed25519 JWK in JSON, with kid').transform(
      (jwk): JWK => jwk,
    ),
  /** A JWKS in JSON with at least one public Ed25519 key. Private keys are rejected. */
  publicJwks: () =>
    json(
      z.object({ keys: z.array(jwkShape.refine((jwk) => !('d' in jwk))).min(1) }),
      'a JWKS in JSON with public Ed25519 keys only',
    ).transform((jwks): JSONWebKeySet => jwks as JSONWebKeySet),
};
