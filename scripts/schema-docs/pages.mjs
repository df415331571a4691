import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { enumSection, fieldSection, inputSection, objectSection, scalarSection, unionSection } from './sections.mjs';

const header = '<!-- Made from gateway/supergraph.graphql by `npm run schema:docs`. -->\n';

/** The pages of the reference, by their names. */
export function pagesOf(schema, access) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(Boolean);
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type) && !roots.includes(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

  const pages = [
    ['queries', 'Queries', 'What can be read.'],
    [
      'mutations',
      'Mutations',
      'What can be changed. Expected failures are data: each result is a union of its success and of types that implement `UserError`.',
    ],
    ['objects', 'Objects', 'What queries and mutations return.'],
    ['interfaces', 'Interfaces', 'What several objects have in common.'],
    ['unions', 'Unions', 'What mutations return: the success first, then the failures that a client should expect.'],
    ['inputs', 'Inputs', 'What queries and mutations take.'],
    ['enums', 'Enums', 'Values of which one is chosen.'],
    ['scalars', 'Scalars', 'Values beside those of GraphQL itself.'],
  ];
  const pageOf = (type) => pages.find(([page]) => accepts[page]?.(type))?.[0];
  const link = (type) => linkOf(type, pageOf);
  const context = { link, accessOf: (coordinate) => access.get(coordinate) };
  const fieldsOf = (root) => Object.values(root?.getFields() ?? {}).sort((a, b) => (a.name < b.name ? -1 : 1));

  const sections = {
    queries: fieldsOf(schema.getQueryType()).map((field) => fieldSection('Query', field, context)),
    mutations: fieldsOf(schema.getMutationType()).map((field) => fieldSection('Mutation', field, context)),
    ...Object.fromEntries(
      Object.keys(accepts).map((page) => [
        page,
        types.filter(accepts[page]).map((type) => writers[page](type, context)),
      ]),
    ),
  };
  const written = pages.filter(([page]) => sections[page].length > 0);
  const list = written
    .map(([page, title, about]) => `- [${title}](${page}.md), ${sections[page].length}: ${about}`)
    .join('\n');
  return {
    'README.md': `${header}\n# The schema\n\nWhat clients see of the graph, by kind. [docs/access.md](../access.md) says who has which scope.\n\n${list}\n`,
    ...Object.fromEntries(
      written.map(([page, title, about]) => [
        `${page}.md`,
        `${header}\n# ${title}\n\n${about}\n\n${sections[page].join('\n\n')}\n`,
      ]),
    ),
  };
}

const accepts = {
  objects: isObjectType,
  interfaces: isInterfaceType,
  unions: isUnionType,
  inputs: isInputObjectType,
  enums: isEnumType,
  scalars: isScalarType,
};
const writers = {
  objects: objectSection,
  interfaces: objectSection,
  unions: unionSection,
  inputs: inputSection,
  enums: enumSection,
  scalars: scalarSection,
};

/** `[Order!]!` with the name as a link to where it is described. */
function linkOf(type, pageOf) {
  const text = String(type);
  const [, before, name, after] = /^(\[*)(\w+)(.*)$/.exec(text);
  let named = type;
  while (named.ofType) named = named.ofType;
  const page = pageOf(named);
  const bracket = (part) => part.replace(/[[\]]/g, (character) => `\\${character}`);
  return page === undefined || isSpecifiedScalarType(named)
    ? bracket(text)
    : `${bracket(before)}[${name}](${page}.md#${name.toLowerCase()})${bracket(after)}`;
}
