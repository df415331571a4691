import type { DocumentNode } from 'graphql';
import type { Complaint } from './complaint.ts';
import { hasDirective, listObjects } from './types.ts';

/** Forbids arguments on a field with @requires: the gateway gives two of them in one operation the same alias. */
export function* requiresWithoutArguments(document: DocumentNode): Generator<Complaint> {
  for (const type of listObjects(document)) {
    for (const field of type.fields ?? []) {
      if (hasDirective(field, 'requires') && (field.arguments ?? []).length > 0) {
        const name = `${type.name.value}.${field.name.value}`;
        yield {
          node: field,
          message: `${name} has @requires and arguments, which do not work together. Move the arguments to a field below it.`,
        };
      }
    }
  }
}
