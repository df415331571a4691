export { createCostMeter, type CostMeter } from './cost-meter.ts';
export { limitOperations } from './limit-operations.ts';
export { measureStructure } from './measure-structure.ts';
export { defaultLimits, type OperationLimits } from './operation-limits.ts';
export { requestSize } from './request-size.ts';
