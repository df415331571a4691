import { ExpectedError } from '@shop/process';

/** The forms in which the name of a subgraph and its entity appears. */
export interface Names {
  /** `review`: the subgraph, its folders and its database. */
  readonly name: string;
  /** `reviews`: the list of entities. */
  readonly names: string;
  /** `Review`: the entity. */
  readonly typeName: string;
  /** `Reviews`. */
  readonly typeNames: string;
  /** `REVIEW`: the stream, and the prefix of environment variables. */
  readonly upperName: string;
  /** `a`, or `an` before a vowel. */
  readonly article: string;
}

/** Words that have a meaning in the code of a subgraph. */
const reservedWords = new Set(
  (
    'abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do ' +
    'else enum export extends false finally for from function get if implements import in instanceof interface is let module ' +
    'namespace never new null number object of package private protected public readonly require return set static string ' +
    'super switch symbol this throw true try type typeof undefined unknown var void while with yield ' +
    'gateway postgres nats migrate shop ops query mutation subscription service entity'
  ).split(' '),
);

/**
 * Derives all forms of a name.
 *
 * @param name lower-case letters and digits, starting with a letter; 2 to 30 characters
 * @param plural the plural of the name. Default: by the rules of English for regular nouns
 * @throws ExpectedError for a name that cannot be a folder, a type, a database and a variable at once
 */
export function deriveNames(name: string, plural: string = pluralise(name)): Names {
  requireName(name);
  requireName(plural);
  if (plural === name) {
    throw new ExpectedError(`The plural of "${name}" cannot be "${plural}" too. Give another one with --plural.`);
  }
  return {
    name,
    names: plural,
    typeName: capitalise(name),
    typeNames: capitalise(plural),
    upperName: name.toUpperCase(),
    article: /^[aeiou]/.test(name) ? 'an' : 'a',
  };
}

function requireName(name: string): void {
  if (!/^[a-z][a-z0-9]{1,29}$/.test(name)) {
    throw new ExpectedError(
      `"${name}" cannot name a subgraph. Use 2 to 30 lower-case letters and digits, starting with a letter, for example "review".`,
    );
  }
  if (reservedWords.has(name)) {
    throw new ExpectedError(`"${name}" is a reserved word. Choose another name for the subgraph.`);
  }
}

function pluralise(name: string): string {
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

const capitalise = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
