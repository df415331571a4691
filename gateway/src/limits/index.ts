export { limitOperations } from './limit-operations.ts';
export { defaultLimits, type OperationLimits } from './operation-limits.ts';
export { readCosts, type Costs } from './read-costs.ts';
export { refuseUnplannable } from './refuse-unplannable.ts';
export { requestSize } from './request-size.ts';
