import { DeletionRequestEntity } from './deletion/deletion-request.entity.js';
import { DataExportEntity } from './exports/data-export.entity.js';

/** What the data source must know for this lib. */
export const rightsEntities = [DataExportEntity, DeletionRequestEntity] as const;
