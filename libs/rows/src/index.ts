export * from './tasks.js';
export { FileRefused } from './refused.js';
export { datasetSpec, dictionary } from './datasets/dictionary.js';
export type { ColumnSpec, ColumnType, DatasetSpec, Dictionary, EnumSpec, RowRule } from './datasets/dictionary.js';
export { RowPool } from './process/row-pool.js';
export type { RowPoolOptions, RunOptions } from './process/row-pool.js';
export { RowPoolUnavailable, RowProcessDied, RowTaskFailed } from './process/row-errors.js';
export type { DeathReason } from './process/row-errors.js';
