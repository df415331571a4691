import { astFromValue, print } from 'graphql';

/** A query or a mutation. */
export function fieldSection(root, field, { link, accessOf }) {
  const access = accessOf(`${root}.${field.name}`);
  return join([
    `## ${field.name}`,
    text(field),
    `Returns ${link(field.type)}. Needs: ${access ?? 'nothing'}.`,
    table(
      ['argument', 'type', 'about'],
      field.args.map((argument) => [code(argument.name), link(argument.type), about(argument)]),
    ),
  ]);
}

/** An object or an interface. */
export function objectSection(type, { link, accessOf }) {
  const interfaces = type.getInterfaces();
  const access = accessOf(type.name);
  return join([
    `## ${type.name}`,
    text(type),
    access && `Needs: ${access}.`,
    interfaces.length > 0 && `Implements ${interfaces.map(link).join(', ')}.`,
    table(
      ['field', 'type', 'about'],
      Object.values(type.getFields()).map((field) => [
        signature(field, link),
        link(field.type),
        fieldAbout(type, field, accessOf),
      ]),
    ),
  ]);
}

export function unionSection(type, { link }) {
  return join([`## ${type.name}`, text(type), `One of ${type.getTypes().map(link).join(', ')}.`]);
}

export function inputSection(type, { link }) {
  return join([
    `## ${type.name}`,
    text(type),
    table(
      ['field', 'type', 'about'],
      Object.values(type.getFields()).map((field) => [code(field.name), link(field.type), about(field)]),
    ),
  ]);
}

export function enumSection(type) {
  return join([
    `## ${type.name}`,
    text(type),
    table(
      ['value', 'about'],
      type.getValues().map((value) => [code(value.name), about(value)]),
    ),
  ]);
}

export function scalarSection(type) {
  return join([`## ${type.name}`, text(type)]);
}

function signature({ name, args }, link) {
  return args.length === 0
    ? code(name)
    : `${code(name)} (${args.map((argument) => `${code(argument.name)}: ${link(argument.type)}${preset(argument)}`).join(', ')})`;
}

/** A field without a description of its own has that of its interface. */
function fieldAbout(type, field, accessOf) {
  const inherited = type
    .getInterfaces()
    .map((shared) => shared.getFields()[field.name]?.description)
    .find(Boolean);
  const access = accessOf(`${type.name}.${field.name}`);
  return sentence([about(field) || oneLine(inherited ?? ''), access && `Needs: ${access}.`]);
}

function about(member) {
  const { deprecationReason } = member;
  const value = preset(member);
  return sentence([
    oneLine(member.description ?? ''),
    value && `Default:${value.slice(2)}.`,
    deprecationReason != null && `**Deprecated**: ${oneLine(deprecationReason)}`,
  ]);
}

const preset = ({ defaultValue, type }) =>
  defaultValue === undefined ? '' : ` = ${code(print(astFromValue(defaultValue, type)))}`;
const text = ({ description }) => escape(description ?? '');
const code = (name) => `\`${name}\``;
const oneLine = (description) => escape(description).replace(/\s+/g, ' ').trim();
/** Cells end at a bar, and a tag would be one. */
const escape = (description) => description.replace(/[|<]/g, (character) => `\\${character}`);
const sentence = (parts) => parts.filter(Boolean).join(' ');
const join = (parts) => parts.filter(Boolean).join('\n\n');

function table(head, rows) {
  if (rows.length === 0) return '';
  const line = (cells) => `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ');
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
