export * from './block/capacity-block';
export * from './block/capacity-block-assertion';
export * from './block/capacity-block-lookup';
export * from './block/vocabulary/capacity-block-ref';
export * from './block/vocabulary/capacity-block-selector';
export * from './block/vocabulary/capacity-block-status';
