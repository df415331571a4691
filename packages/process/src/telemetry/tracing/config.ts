import { z } from 'zod';
import { fields } from '../../config/fields.ts';

/** Where traces go, and how many. */
export interface TracingConfig {
  /** Base URL of an OTLP collector. `/v1/traces` is below it. */
  readonly endpoint: string;
  /** Headers of each export, such as credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The part of the traces that begin in this process and are recorded, 0 to 1. */
  readonly ratio: number;
}

/** The variables of tracing, for the `shape` of `loadConfig`. They have the names that OpenTelemetry defines. */
export const tracingFields = {
  OTEL_EXPORTER_OTLP_ENDPOINT: fields.httpUrl().optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .transform((text, issues) => {
      const headers = parseHeaders(text);
      if (headers !== undefined) return headers;
      issues.addIssue({ code: 'custom', message: 'must be name=value pairs, separated by commas' });
      return z.NEVER;
    })
    .optional(),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/, { message: 'must be a number from 0 to 1, such as 0.1' })
    .transform(Number)
    .default(1),
};

/** @returns undefined when no traces are exported */
export function readTracing(read: z.infer<z.ZodObject<typeof tracingFields>>): TracingConfig | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = {} } = read;
  return endpoint === undefined ? undefined : { endpoint, headers, ratio: read.OTEL_TRACES_SAMPLER_ARG };
}

/** The form of W3C baggage: values are percent-encoded. */
function parseHeaders(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === '') return undefined;
    try {
      headers[name.toLowerCase()] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return headers;
}
