import { CriticalityLevel, diff, DiffRule } from '@graphql-inspector/core';
import { validate } from 'graphql';
import { usageOf } from './usage.mjs';

/**
 * The differences between two schemas by how much they matter, and the operations that each breaking one breaks.
 *
 * @returns `{ breaking: [{ message, path, brokenOperations }], dangerous, safe, invalid: [{ operation, message }] }`
 */
export async function compare(before, after, operations) {
  // What breaks is asked for here; the reference's own changes show what is said otherwise.
  const changes = (await diff(before, after, [DiffRule.simplifyChanges])).filter(
    ({ type }) => !/DESCRIPTION/.test(type),
  );
  const of = (level) => changes.filter(({ criticality }) => criticality.level === level);
  const usages = operations.map((operation) => ({ operation, used: usageOf(operation.document, before) }));
  return {
    breaking: of(CriticalityLevel.Breaking).map(({ message, path = '', type }) => ({
      message,
      path,
      brokenOperations: usages.filter(({ used }) => isUsed(used, path, type)).map(({ operation }) => operation),
    })),
    dangerous: of(CriticalityLevel.Dangerous).map(({ message }) => message),
    safe: of(CriticalityLevel.NonBreaking).map(({ message }) => message),
    invalid: operations
      .filter(({ document }) => validate(before, document).length === 0)
      .flatMap((operation) =>
        validate(after, operation.document)
          .slice(0, 1)
          .map(({ message }) => ({ operation, message })),
      ),
  };
}

/** What was added, such as an argument that must be given, breaks those who use what it was added to. */
function isUsed(used, path, type) {
  return used.has(path) || (/_ADDED$/.test(type) && used.has(path.split('.').slice(0, -1).join('.')));
}
