export { toApolloLogger } from './apollo-logger.ts';
export { boundErrors, maxErrors } from './errors/bound-errors.ts';
export { badUserInput, createCodedError, unavailable } from './errors/coded-errors.ts';
export { exposeError } from './errors/expose.ts';
export {
  createErrorMasking,
  type ErrorMasking,
  type IsUnavailable,
  type MaskedOperation,
  type MaskingOptions,
} from './errors/mask-errors.ts';
export { conformingData } from './http/conforming-data.ts';
export { findAnswerType, isJsonType, type OperationBody, readOperationBody } from './http/operation-body.ts';
export { nameOperationSpans, nameSpan, recordErrors } from './name-operation-spans.ts';
export { DateTime, MinorUnits } from './scalars.ts';
export { defaultPageSize, maxPageSize } from './page-size.ts';
