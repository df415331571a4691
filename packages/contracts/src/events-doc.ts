import { z } from 'zod';
import type { EventContract } from './define-event.ts';
import { topology } from './topology.ts';

/** Writes the reference of all events as Markdown: what each carries, on which stream, and who follows it. */
export function describeEvents(contracts: readonly EventContract<unknown>[]): string {
  const sections = contracts.map((contract) => {
    const { properties = {}, required = [] } = z.toJSONSchema(contract.schema) as JsonSchema;
    const rows = Object.entries(properties).map(
      ([name, schema]) => `| \`${name}\` | ${typeOf(schema)} | ${required.includes(name) ? 'yes' : 'no'} |`,
    );
    return [
      `## ${contract.type}`,
      '',
      `Published by \`${contract.source}\` on stream \`${streamOf(contract.type)}\`. ${followersOf(contract.type)}`,
      '',
      '| member of `data` | type | required |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return [
    '# Events',
    '',
    'Generated from `packages/contracts`; `UPDATE_DOCS=1 npm run test:unit` writes it anew.',
    '',
    'Each message is a CloudEvents 1.0 event in structured JSON. Its NATS subject is its `type`, its `subject` the id of what it is',
    'about, and `Nats-Msg-Id` its `id`. It may come more than once, late, and before an older one.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  return schema.format ?? schema.type ?? 'any';
}

function streamOf(type: string): string {
  const isOn = (subject: string) => type.startsWith(subject.replace('>', ''));
  return topology.streams.find(({ subjects }) => subjects.some(isOn))?.name ?? 'none';
}

function followersOf(type: string): string {
  const followers = topology.consumers.filter(({ subjects }) => subjects.includes(type));
  if (followers.length === 0) return 'No subgraph follows it yet.';
  return `Followed by ${followers.map(({ subscriber }) => `\`${subscriber}\``).join(', ')}.`;
}
