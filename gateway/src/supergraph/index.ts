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
export type { ArgumentVariants, VariantField } from './argument-variants.ts';
export type {
  CacheInput,
  CacheRule,
  CacheShare,
  FieldCost,
  FieldJoin,
  InputCost,
  ListSize,
  LiveSource,
  SubgraphFacts,
  Supergraph,
  SupergraphField,
  SupergraphType,
  TypeJoin,
} from './model.ts';
export {
  findComputedFields,
  findInterfaceObjectFields,
  findPlannerFields,
  readFieldNames,
} from './find-planner-fields.ts';
export { parseSelections } from './parse-selections.ts';
export { findScalarBytes, objectBytes } from './read-sizes.ts';
export { hashSdl, readSupergraph } from './read-supergraph.ts';
