import type { Comparison } from './compare.ts';
import type { SchemaCheck } from './check-schema.ts';

/** Describes the result of a schema check in lines for people: breaking changes first. */
export function describeSchemaCheck(check: SchemaCheck): string[] {
  if (check.skipped !== undefined) return [`${check.skipped} Skipped.`];
  const isPassing = check.verdict === 'passed';
  const hasBreaking = check.comparisons[0]?.comparison?.breaking.length !== 0;
  return [
    ...check.comparisons.flatMap(({ title, comparison }) =>
      comparison === undefined ? [`${title}: new`] : describeComparison(title, check.base, comparison),
    ),
    ...(isPassing && hasBreaking
      ? ['No operation of clients/operations uses what breaks. Other clients may use it.']
      : []),
  ];
}

function describeComparison(title: string, base: string, comparison: Comparison): string[] {
  const { breaking, dangerous, safe, invalid } = comparison;
  if (breaking.length + dangerous.length + safe.length === 0) return [`${title}: as in ${base}`];
  return [
    `${title}, against ${base}: ${breaking.length} breaking, ${dangerous.length} dangerous, ${safe.length} safe`,
    ...breaking.flatMap(({ message, brokenOperations }) => [
      formatLine('breaking', message),
      ...brokenOperations.map(({ name, file }) => `             breaks ${name} (${file})`),
    ]),
    ...invalid.map(({ operation, message }) =>
      formatLine('breaking', `${operation.name} (${operation.file}) is not valid any more: ${message}`),
    ),
    ...dangerous.map((message) => formatLine('dangerous', message)),
    ...safe.map((message) => formatLine('safe', message)),
  ];
}

const formatLine = (level: string, message: string) => `  ${level.padEnd(10)} ${message}`;
