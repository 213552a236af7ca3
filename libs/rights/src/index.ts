export { DeletionsService, type DeletionCertificate } from './deletion/deletions.service.js';
export { deletionStates, DeletionRequestEntity, type DeletionState } from './deletion/deletion-request.entity.js';
export { DataExportEntity, exportStates, type ExportState } from './exports/data-export.entity.js';
export { DataExportsService, type Archive } from './exports/data-exports.service.js';
export { exportedTables, tablesNotExported } from './exports/exported-tables.js';
export { rightsEntities } from './rights-entities.js';
export { RightsError, type RightsErrorCode } from './rights-error.js';
export { rightsJobs } from './rights-jobs.js';
export { RightsModule } from './rights.module.js';
