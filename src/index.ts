export * from './handler-defaults';
export * from './offering-selection';
export * from './purchase-mode';
export * from './upfront-fee';
export * as pcs from './pcs';
export * as hyperpod from './hyperpod';
export * as training_plans from './training-plans';
export * as capacity_blocks from './capacity-blocks';
