/**
 * A request's own token stands in its variables, and in the ids of everything that answers it. So no two requests ask a subgraph for the
 * same, and a gateway cannot share a call between them. All tokens are equally long.
 */
export const tokenPattern = /q\d{8}/;

/** The token in the texts of requests, which the load generator replaces. */
export const placeholder = 'q00000000';

export function makeToken(number: number): string {
  return `q${String(number).padStart(8, '0')}`;
}

/** Returns the positions of the text in another one, ascending. */
export function findAll(text: string, part: string): number[] {
  const found: number[] = [];
  for (let index = text.indexOf(part); index >= 0; index = text.indexOf(part, index + part.length)) found.push(index);
  return found;
}
