import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLType,
  type GraphQLUnionType,
  print,
} from 'graphql';

/** The context of sections: the rest of the reference. */
export interface References {
  /** Writes a type as a link to its section. */
  link(type: GraphQLType): string;
  /** Describes the access rule of a type or a field. */
  describeAccess(coordinate: string): string | undefined;
}

/** Writes the section of a query or a mutation. */
export function writeField(
  root: string,
  field: GraphQLField<unknown, unknown>,
  { link, describeAccess }: References,
): string {
  return joinParagraphs([
    `## ${field.name}`,
    formatText(field.description),
    `Returns ${link(field.type)}. Needs: ${describeAccess(`${root}.${field.name}`) ?? 'nothing'}.`,
    formatList(
      'Arguments',
      field.args.map((argument) => [`${formatCode(argument.name)}: ${link(argument.type)}`, describeMember(argument)]),
    ),
  ]);
}

/** Writes the section of an object or an interface. */
export function writeObject(type: GraphQLObjectType | GraphQLInterfaceType, references: References): string {
  const { link, describeAccess } = references;
  const interfaces = type.getInterfaces();
  const access = describeAccess(type.name);
  return joinParagraphs([
    `## ${type.name}`,
    formatText(type.description),
    access === undefined ? '' : `Needs: ${access}.`,
    interfaces.length === 0 ? '' : `Implements ${interfaces.map(link).join(', ')}.`,
    formatList(
      'Fields',
      Object.values(type.getFields()).map((field) => [
        `${formatSignature(field, link)}: ${link(field.type)}`,
        describeField(type, field, describeAccess),
      ]),
    ),
  ]);
}

/** Writes the section of a union. */
export function writeUnion(type: GraphQLUnionType, { link }: References): string {
  return joinParagraphs([
    `## ${type.name}`,
    formatText(type.description),
    `One of ${type.getTypes().map(link).join(', ')}.`,
  ]);
}

/** Writes the section of an input. */
export function writeInput(type: GraphQLInputObjectType, { link }: References): string {
  return joinParagraphs([
    `## ${type.name}`,
    formatText(type.description),
    formatList(
      'Fields',
      Object.values(type.getFields()).map((field) => [
        `${formatCode(field.name)}: ${link(field.type)}`,
        describeMember(field),
      ]),
    ),
  ]);
}

/** Writes the section of an enum. */
export function writeEnum(type: GraphQLEnumType): string {
  return joinParagraphs([
    `## ${type.name}`,
    formatText(type.description),
    formatList(
      'Values',
      type.getValues().map((value) => [formatCode(value.name), describeMember(value)]),
    ),
  ]);
}

/** Writes the section of a scalar. */
export function writeScalar(type: GraphQLScalarType): string {
  return joinParagraphs([`## ${type.name}`, formatText(type.description)]);
}

function formatSignature({ name, args }: GraphQLField<unknown, unknown>, link: References['link']): string {
  if (args.length === 0) return formatCode(name);
  const list = args.map((argument) => `${formatCode(argument.name)}: ${link(argument.type)}${formatDefault(argument)}`);
  return `${formatCode(name)} (${list.join(', ')})`;
}

/** A field without its own description has that of its interface. */
function describeField(
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: GraphQLField<unknown, unknown>,
  describeAccess: References['describeAccess'],
): string {
  const inherited = type
    .getInterfaces()
    .map((shared) => shared.getFields()[field.name]?.description)
    .find((description) => description != null);
  const access = describeAccess(`${type.name}.${field.name}`);
  return joinSentences([
    describeMember(field) || formatLine(inherited),
    access === undefined ? '' : `Needs: ${access}.`,
  ]);
}

interface Member {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

function describeMember(member: Member | GraphQLArgument | GraphQLInputField): string {
  const { description, deprecationReason } = member;
  const value = 'defaultValue' in member ? formatDefault(member) : '';
  return joinSentences([
    formatLine(description),
    value === '' ? '' : `Default:${value.slice(2)}.`,
    deprecationReason == null ? '' : `**Deprecated**: ${formatLine(deprecationReason)}`,
  ]);
}

function formatDefault({ defaultValue, type }: GraphQLArgument | GraphQLInputField): string {
  const node = defaultValue === undefined ? null : astFromValue(defaultValue, type);
  return node == null ? '' : ` = ${formatCode(print(node))}`;
}

const formatText = (description: string | null | undefined) => escapeMarkdown(description ?? '');
const formatLine = (description: string | null | undefined) => formatText(description).replace(/\s+/g, ' ').trim();
const formatCode = (name: string) => `\`${name}\``;
/** Markdown would treat a tag as HTML. */
const escapeMarkdown = (text: string) => text.replaceAll('<', '\\<');
const joinSentences = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');
const joinParagraphs = (parts: readonly string[]) => parts.filter((part) => part !== '').join('\n\n');

/** A list and not a table: the formatter pads a table's rows to the longest, and descriptions are long. */
function formatList(title: string, items: readonly (readonly [signature: string, about: string])[]): string {
  if (items.length === 0) return '';
  const lines = items.map(([signature, about]) => `- ${signature}${about === '' ? '' : `. ${about}`}`);
  return `${title}:\n\n${lines.join('\n')}`;
}
