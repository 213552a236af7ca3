export * from './import.entity.js';
export * from './file-mapping.entity.js';
export * from './segment.entity.js';
export * from './import-error.js';
export * from './imports.service.js';
export * from './imports.module.js';
export { readFacts } from './derived-rows.queries.js';
export { absoluteResult, segmentFile } from './import-files.js';
