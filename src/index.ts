export * from './handler-defaults';
export * as pcs from './pcs';
export * as hyperpod from './hyperpod';
export * as training_plans from './training-plans';
