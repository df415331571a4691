import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';

export interface RandomOptions {
  readonly schema: GraphQLSchema;
  /** A generator of numbers from 0 to 1. */
  readonly random: () => number;
  /** True to add `@skip` and `@include`, with the variables `$s` and `$i` and with literals. */
  readonly isConditional: boolean;
}

/** Makes a query. It may be invalid, for example because two fields cannot be merged. */
export function createRandomQuery({ schema, random, isConditional }: RandomOptions): string {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const fragments: string[] = [];

  function condition(): string {
    if (!isConditional || random() > 0.25) return '';
    return ` @${pick(['skip', 'include'])}(if: ${pick(['$s', '$i', 'true', 'false'])})`;
  }

  /** Types of which an object of the type may be. */
  function listConditions(type: GraphQLCompositeType): string[] {
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    const interfaces = objects.flatMap((object) => object.getInterfaces());
    return [type, ...objects, ...interfaces].map(({ name }) => name);
  }

  function select(type: GraphQLCompositeType, depth: number): string {
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = fields.filter(
      (field) => !field.args.some(isRequiredArgument) && (depth > 0 || !isCompositeType(getNamedType(field.type))),
    );
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      if (depth > 0 && random() < (usable.length === 0 ? 0.8 : 0.3)) return fragment(type, depth);
      if (usable.length === 0 || random() < 0.12) return `${random() < 0.3 ? 't: ' : ''}__typename${condition()}`;
      const field = pick(usable);
      const named = getNamedType(field.type);
      const alias = random() < 0.15 ? `${pick(['x', 'id', field.name, 'name'])}: ` : '';
      const below = isCompositeType(named) ? ` ${select(named, depth - 1)}` : '';
      return `${alias}${field.name}${condition()}${below}`;
    });
    return `{ ${parts.join(' ')} }`;
  }

  function fragment(type: GraphQLCompositeType, depth: number): string {
    const name = pick(listConditions(type));
    const on = schema.getType(name) as GraphQLCompositeType;
    if (random() < 0.3) {
      const text = select(on, depth - 1);
      fragments.push(`fragment F${fragments.length} on ${name} ${text}`);
      return `...F${fragments.length - 1}${condition()}`;
    }
    return `...${random() < 0.2 ? '' : ` on ${name}`}${condition()} ${select(on, depth - 1)}`;
  }

  const text = select(schema.getQueryType() as GraphQLCompositeType, 4);
  const variables = ['s', 'i'].filter((name) => [text, ...fragments].some((part) => part.includes(`$${name}`)));
  const head = variables.length === 0 ? '' : `query(${variables.map((name) => `$${name}: Boolean!`).join(' ')}) `;
  return [head + text, ...fragments].join(' ');
}
