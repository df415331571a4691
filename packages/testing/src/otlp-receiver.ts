import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentId: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Ids of the spans that it is linked with. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly hasFailed: boolean;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** The bodies of all exports, for a search of what must not be there. */
  readonly bodies: Buffer[];
  readonly headers: IncomingMessage['headers'][];
  /** 200 takes spans, any other status refuses them, and `silent` never answers. */
  behave(behaviour: number | 'silent'): void;
  stop(): Promise<void>;
}

/** Starts a collector for traces by OTLP over HTTP, in protobuf. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: Buffer[] = [];
  const headers: IncomingMessage['headers'][] = [];
  let behaviour: number | 'silent' = 200;
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      if (behaviour === 'silent') return;
      if (behaviour === 200 && request.url === '/v1/traces') {
        bodies.push(body);
        headers.push(request.headers);
        spans.push(...decodeTraces(body));
      }
      response.writeHead(behaviour, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    headers,
    behave: (next) => void (behaviour = next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Reads an `ExportTraceServiceRequest`. The numbers are those of OpenTelemetry's `trace.proto`. */
function decodeTraces(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const attributes = readAttributes(messages(resourceSpans, 1).flatMap((resource) => messages(resource, 1)));
    const service = String(attributes['service.name']);
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => readSpan(span, service));
  });
}

function readSpan(span: Buffer, service: string): ReceivedSpan {
  const fields = readFields(span);
  const hex = (number: number): string => (fields.get(number)?.[0] as Buffer | undefined)?.toString('hex') ?? '';
  const number = (of: number): bigint => (fields.get(of)?.[0] as bigint | undefined) ?? 0n;
  const [status] = messages(span, 15);
  return {
    service,
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: (fields.get(5)?.[0] as Buffer).toString(),
    kind: Number(number(6)),
    startedAt: number(7),
    endedAt: number(8),
    attributes: readAttributes(messages(span, 9)),
    links: messages(span, 13).map((link) => {
      const [traceId, spanId] = [1, 2].map((of) => messages(link, of)[0]?.toString('hex') ?? '');
      return { traceId: traceId ?? '', spanId: spanId ?? '' };
    }),
    hasFailed: status !== undefined && readFields(status).get(3)?.[0] === 2n,
  };
}

function readAttributes(pairs: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, value] = [messages(pair, 1)[0], messages(pair, 2)[0]];
      return [String(key), value && readValue(value)];
    }),
  );
}

function readValue(value: Buffer): unknown {
  const [[number, [content] = []] = []] = readFields(value);
  if (number === 1) return String(content);
  if (number === 2) return content === 1n;
  return typeof content === 'bigint' ? Number(content) : content;
}

/** The contents of a field that has messages or bytes. */
function messages(message: Buffer, field: number): Buffer[] {
  return (readFields(message).get(field) ?? []).filter((content) => Buffer.isBuffer(content));
}

/** Reads a message of protobuf: the contents of each field, by its number. */
function readFields(message: Buffer): Map<number, (bigint | Buffer)[]> {
  const fields = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const readVarint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const readBytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(readVarint());
    const [field, type] = [tag >> 3, tag & 7];
    let content: bigint | Buffer;
    if (type === 0) content = readVarint();
    else if (type === 1) content = readBytes(8).readBigUInt64LE();
    else if (type === 2) content = readBytes(Number(readVarint()));
    else if (type === 5) content = BigInt(readBytes(4).readUInt32LE());
    else throw new Error(`The message has a field of the unknown type ${type}.`);
    fields.set(field, [...(fields.get(field) ?? []), content]);
  }
  return fields;
}

/**
 * Writes a trace as an indented outline, one line a span, with its service. Siblings are in the order of their names. The spans of work
 * that several traces share are left out, and what is below them moves up: chance decides whether messages share a batch.
 */
export function outlineTrace(spans: readonly ReceivedSpan[], traceId: string): string[] {
  const own = spans.filter((span) => span.traceId === traceId);
  const ids = new Set(own.map(({ spanId }) => spanId));
  const childrenOf = (parentId: string): ReceivedSpan[] =>
    own
      .filter((span) => span.parentId === parentId)
      .flatMap((span) => (isShared(span) ? childrenOf(span.spanId) : [span]))
      .sort((one, other) => (`${one.service} ${one.name}` < `${other.service} ${other.name}` ? -1 : 1));
  const write = (span: ReceivedSpan, depth: number): string[] => [
    `${'  '.repeat(depth)}${span.service}: ${span.name}`,
    ...childrenOf(span.spanId).flatMap((child) => write(child, depth + 1)),
  ];
  return own.filter(({ parentId }) => !ids.has(parentId)).flatMap((root) => write(root, 0));
}

const isShared = ({ attributes }: ReceivedSpan): boolean => 'messaging.batch.message_count' in attributes;
