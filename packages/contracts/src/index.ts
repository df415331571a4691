export type { EventContract } from './define-event.ts';
export * from './user.ts';
export * from './product.ts';
export * from './order.ts';
export * from './payment.ts';
export * from './requests.ts';
export * from './services.ts';
export * from './topology.ts';
export * from './variables.ts';
