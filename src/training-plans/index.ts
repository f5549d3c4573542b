export * from './training-plan';
export * from './training-plan-grants';
export * from './training-plan-lookup';
export * from './training-plan-dashboard';
