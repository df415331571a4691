// @ts-check
const { randomFillSync } = require('node:crypto');
const {
  context: contexts,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} = require('@opentelemetry/api');

/**
 * @typedef {import('@opentelemetry/api').Attributes} Attributes
 * @typedef {import('@opentelemetry/api').Link} Link
 * @typedef {import('@opentelemetry/api').Span} Span
 * @typedef {Pick<ReadableSpan, 'resource' | 'instrumentationScope'>} Origin what all spans of a tracer have in common
 * @typedef {import('@opentelemetry/api').SpanContext} SpanContext
 * @typedef {import('@opentelemetry/api').SpanOptions} SpanOptions
 * @typedef {Parameters<typeof import('@opentelemetry/otlp-transformer').ProtobufTraceSerializer.serializeRequest>[0][number]} ReadableSpan
 */

/** What a span has at most. Further attributes and links are counted, and longer texts are cut. */
const limits = { attributes: 32, links: 256, characters: 256 };

/** Random bytes for ids. They are asked for in bulk: a call for each id costs more than the rest of a span that is not recorded. */
const pool = Buffer.allocUnsafe(6_144);
let usedBytes = pool.length;

/** @param {8 | 16 | 24} bytes */
function randomHex(bytes) {
  if (usedBytes + bytes > pool.length) {
    randomFillSync(pool);
    usedBytes = 0;
  }
  const start = usedBytes;
  usedBytes += bytes;
  return pool.toString('hex', start, usedBytes);
}

/**
 * A tracer whose spans go to a function when they end. It decides at the beginning of a trace, at random: a sampler that looks at the trace
 * id, which a client chooses, lets a client have all of its requests recorded. What is below follows that decision.
 */
exports.RecordingTracer = class RecordingTracer {
  #options;

  /**
   * @param {object} options
   * @param {number} options.ratio part of the traces that begin here and are recorded, 0 to 1
   * @param {boolean} options.honoursRemoteParents whether the caller's decision counts
   * @param {import('@opentelemetry/resources').Resource} options.resource
   * @param {string} options.name
   * @param {(span: RecordedSpan) => void} options.onEnd must not throw
   */
  constructor({ ratio, honoursRemoteParents, resource, name, onEnd }) {
    this.#options = { ratio, honoursRemoteParents, origin: { resource, instrumentationScope: { name } }, onEnd };
  }

  /**
   * @param {string} name
   * @param {SpanOptions} [options] `startTime` is in milliseconds since 1970
   * @returns {Span}
   */
  startSpan(name, options, context = contexts.active()) {
    const { ratio, honoursRemoteParents, origin, onEnd } = this.#options;
    const given = options?.root === true ? undefined : trace.getSpanContext(context);
    const parent = given !== undefined && isSpanContextValid(given) ? given : undefined;
    const isDecided = parent !== undefined && (parent.isRemote !== true || honoursRemoteParents);
    const isRecorded = isDecided ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : Math.random() < ratio;
    const ids = randomHex(parent === undefined ? 24 : 8);
    const spanContext = {
      traceId: parent === undefined ? ids.slice(16) : parent.traceId,
      spanId: parent === undefined ? ids.slice(0, 16) : ids,
      traceFlags: isRecorded ? TraceFlags.SAMPLED : TraceFlags.NONE,
    };
    if (!isRecorded) return trace.wrapSpanContext(spanContext);
    return new RecordedSpan({ name, options, spanContext, parent, origin, onEnd });
  }

  /** @returns {never} */
  startActiveSpan() {
    throw new Error('Use runInSpan: spans are passed on, and most processes have no active one.');
  }
};

/**
 * A span that is recorded, as the serializer of OpenTelemetry reads it. It has no events: what happened is in the log, and a failure has
 * its code as an attribute.
 *
 * @implements {Span}
 * @implements {ReadableSpan}
 */
class RecordedSpan {
  /** @type {import('@opentelemetry/api').SpanStatus} */
  status = { code: SpanStatusCode.UNSET };
  /** @type {Attributes} */
  attributes = {};
  /** @type {Link[]} */
  links = [];
  /** @type {never[]} */
  events = [];
  /** @type {[number, number]} */
  endTime = [0, 0];
  ended = false;
  droppedAttributesCount = 0;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  #spanContext;
  #onEnd;
  #startedAt;
  #startMs;
  #attributeCount = 0;

  /**
   * @param {object} given
   * @param {string} given.name
   * @param {SpanOptions | undefined} given.options
   * @param {SpanContext} given.spanContext
   * @param {SpanContext | undefined} given.parent
   * @param {Origin} given.origin
   * @param {(span: RecordedSpan) => void} given.onEnd
   */
  constructor({ name, options = {}, spanContext, parent, origin, onEnd }) {
    this.name = name;
    this.kind = options.kind ?? SpanKind.INTERNAL;
    // The serializer takes undefined for a root, and its type does not.
    this.parentSpanContext = /** @type {SpanContext} */ (parent);
    this.resource = origin.resource;
    this.instrumentationScope = origin.instrumentationScope;
    this.#spanContext = spanContext;
    this.#onEnd = onEnd;
    const now = Date.now();
    const { startTime = now } = options;
    this.#startMs = Number(startTime);
    // The wall clock can be set meanwhile: it says when a span began, and the monotonic clock for how long it lasted.
    this.#startedAt = performance.now() - (now - this.#startMs);
    this.startTime = toHrTime(this.#startMs);
    if (options.attributes !== undefined) this.setAttributes(options.attributes);
    if (options.links !== undefined) this.addLinks(options.links);
  }

  get duration() {
    return /** @type {[number, number]} */ ([this.endTime[0] - this.startTime[0], this.endTime[1] - this.startTime[1]]);
  }

  spanContext() {
    return this.#spanContext;
  }

  isRecording() {
    return !this.ended;
  }

  /**
   * @param {string} key
   * @param {import('@opentelemetry/api').AttributeValue} value
   */
  setAttribute(key, value) {
    if (this.ended || value === undefined || value === null) return this;
    if (!Object.hasOwn(this.attributes, key)) {
      if (this.#attributeCount >= limits.attributes) {
        this.droppedAttributesCount += 1;
        return this;
      }
      this.#attributeCount += 1;
    }
    this.attributes[key] = shorten(value);
    return this;
  }

  /** @param {Attributes} attributes */
  setAttributes(attributes) {
    for (const key in attributes) this.setAttribute(key, /** @type {never} */ (attributes[key]));
    return this;
  }

  /** @param {Link} link */
  addLink({ context }) {
    if (this.ended) return this;
    if (this.links.length < limits.links) this.links.push({ context });
    else this.droppedLinksCount += 1;
    return this;
  }

  /** @param {readonly Link[]} links */
  addLinks(links) {
    for (const link of links) this.addLink(link);
    return this;
  }

  addEvent() {
    if (!this.ended) this.droppedEventsCount += 1;
    return this;
  }

  recordException() {
    this.addEvent();
  }

  /** @param {import('@opentelemetry/api').SpanStatus} status */
  setStatus({ code }) {
    if (!this.ended) this.status = { code };
    return this;
  }

  /** @param {string} name */
  updateName(name) {
    if (!this.ended) this.name = name;
    return this;
  }

  end() {
    if (this.ended) return;
    this.endTime = toHrTime(this.#startMs + Math.max(0, performance.now() - this.#startedAt));
    this.ended = true;
    this.#onEnd(this);
  }
}

/**
 * @param {number} ms
 * @returns {[seconds: number, nanoseconds: number]}
 */
function toHrTime(ms) {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.floor((ms - seconds * 1_000) * 1e6)];
}

/**
 * @param {import('@opentelemetry/api').AttributeValue} value
 * @returns {import('@opentelemetry/api').AttributeValue}
 */
function shorten(value) {
  if (typeof value === 'string') return cut(value);
  return Array.isArray(value)
    ? /** @type {string[]} */ (value.map((part) => (typeof part === 'string' ? cut(part) : part)))
    : value;
}

/** @param {string} text */
function cut(text) {
  return text.length > limits.characters ? text.slice(0, limits.characters) : text;
}
