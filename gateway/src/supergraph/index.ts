export {
  forEachField,
  forEachIncludedField,
  getResponseName,
  type IncludedFieldsOptions,
  isIncluded,
  isIntrospection,
} from './documents/each-field.ts';
export { type Fragments, indexFragments } from './documents/fragments.ts';
export { addDefaults, type Variables } from './documents/variables.ts';
export type {
  FieldCost,
  FieldJoin,
  ListSize,
  SubgraphFacts,
  Supergraph,
  SupergraphField,
  SupergraphType,
  TypeJoin,
} from './model.ts';
export { readSupergraph } from './read-supergraph.ts';
