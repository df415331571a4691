import { hasDirective, objectsOf } from './types.mjs';

/** A field that @requires another's has no arguments: the gateway gives the same aliases to two of them in one operation. */
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
