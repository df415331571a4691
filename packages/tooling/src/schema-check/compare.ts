import type { Change } from '@graphql-inspector/core';
import { type GraphQLSchema, validate } from 'graphql';
import type { OperationSource } from '../graph/operations.ts';
import { findUsedCoordinates } from './usage.ts';

/** A client's operation, as the comparison names it. */
export type ComparedOperation = Pick<OperationSource, 'name' | 'file' | 'document'>;

/** A change that breaks the clients that use the changed member. */
export interface BreakingChange {
  readonly message: string;
  readonly brokenOperations: readonly ComparedOperation[];
}

/** The differences between two schemas, by severity. */
export interface Comparison {
  readonly breaking: readonly BreakingChange[];
  readonly dangerous: readonly string[];
  readonly safe: readonly string[];
  /** Operations that were valid before and are not valid after. */
  readonly invalid: readonly { readonly operation: ComparedOperation; readonly message: string }[];
}

/** Compares two schemas, and finds the operations that each breaking change breaks. */
export async function compareSchemas(
  before: GraphQLSchema,
  after: GraphQLSchema,
  operations: readonly ComparedOperation[],
): Promise<Comparison> {
  const { CriticalityLevel, diff, DiffRule } = await import('@graphql-inspector/core');
  // Changes of descriptions break nobody; the schema reference shows them.
  const changes = (await diff(before, after, [DiffRule.simplifyChanges])).filter(
    ({ type }) => !type.includes('DESCRIPTION'),
  );
  const select = (level: string): Change[] => changes.filter(({ criticality }) => criticality.level === level);
  const usages = operations.map((operation) => ({ operation, used: findUsedCoordinates(operation.document, before) }));
  return {
    breaking: select(CriticalityLevel.Breaking).map(({ message, path = '', type }) => ({
      message,
      brokenOperations: usages.filter(({ used }) => isUsed(used, path, type)).map(({ operation }) => operation),
    })),
    dangerous: select(CriticalityLevel.Dangerous).map(({ message }) => message),
    safe: select(CriticalityLevel.NonBreaking).map(({ message }) => message),
    invalid: operations
      .filter(({ document }) => validate(before, document).length === 0)
      .flatMap((operation) =>
        validate(after, operation.document)
          .slice(0, 1)
          .map(({ message }) => ({ operation, message })),
      ),
  };
}

/** An addition, such as a required argument, breaks clients that use the extended member. */
function isUsed(used: ReadonlySet<string>, path: string, changeType: string): boolean {
  return used.has(path) || (changeType.endsWith('_ADDED') && used.has(path.split('.').slice(0, -1).join('.')));
}
