import type { DatasetId } from '../tasks.js';

/** Datasets whose instants need a time of day. */
export const timeRequired: ReadonlySet<DatasetId> = new Set([
  'calls',
  'online_sessions',
  'mystery_calls',
  'mystery_chats',
  'callbacks',
]);
