import { hasDirective, objectsOf } from './types.mjs';

/**
 * A field that @requires another field has no arguments. The gateway gives two such fields in one operation the same
 * aliases.
 */
export function* requiresWithoutArguments(document) {
  for (const type of objectsOf(document)) {
    for (const field of type.fields ?? []) {
      if (hasDirective(field, 'requires') && field.arguments.length > 0) {
        yield {
          node: field,
          message: `${type.name.value}.${field.name.value} has @requires and arguments: the two do not go together. Give the arguments to a field below it.`,
        };
      }
    }
  }
}
