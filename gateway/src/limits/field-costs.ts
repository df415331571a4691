import { getNamedType, getNullableType, introspectionTypes, isLeafType, isListType, isObjectType } from 'graphql';
import { findScalarBytes, objectBytes, type Supergraph, type SupergraphField } from '../supergraph/index.ts';

/** The data needed to estimate the cost of a field and its selections. */
export interface CostedField extends Pick<SupergraphField, 'typeName' | 'cost'> {
  readonly isIntrospection?: true;
}

/** Undefined for `__typename`, and for fields that are not in the schema. */
export type FindField = (type: string, field: string) => CostedField | undefined;

/** Costs of the supergraph's fields and of introspection, which a supergraph does not contain. */
export function createFindField(supergraph: Supergraph): FindField {
  const introspection = new Map([...listIntrospectionFields(), ...listEntryFields(supergraph.getRootType('query'))]);
  return (type, field) => supergraph.getField(type, field) ?? introspection.get(`${type}.${field}`);
}

function createIntrospectionField(typeName: string, weight: number, isList: boolean): CostedField {
  const bytes = weight === 0 ? findScalarBytes(typeName) : objectBytes;
  return {
    typeName,
    cost: { weight, isList, listSize: undefined, argumentDefaults: new Map(), argumentCosts: new Map(), bytes },
    isIntrospection: true,
  };
}

function listEntryFields(query: string): [string, CostedField][] {
  return [
    [`${query}.__schema`, createIntrospectionField('__Schema', 1, false)],
    [`${query}.__type`, createIntrospectionField('__Type', 1, false)],
  ];
}

function listIntrospectionFields(): [string, CostedField][] {
  return introspectionTypes.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields()).map((field): [string, CostedField] => {
      const named = getNamedType(field.type);
      const isList = isListType(getNullableType(field.type));
      return [`${type.name}.${field.name}`, createIntrospectionField(named.name, isLeafType(named) ? 0 : 1, isList)];
    }),
  );
}
