import { FileLayoutEntity } from './file-layout.entity.js';
import { ImportEntity } from './import.entity.js';
import { RetentionRuleEntity } from './retention/retention-rule.entity.js';
import { SegmentEntity } from './segment.entity.js';
import { StatedDefinitionEntity } from './stated-definition.entity.js';
import { UploadEntity, UploadPartEntity } from './upload.entity.js';

/** What the data source must know for this lib. */
export const importEntities = [
  ImportEntity,
  FileLayoutEntity,
  StatedDefinitionEntity,
  SegmentEntity,
  UploadEntity,
  UploadPartEntity,
  RetentionRuleEntity,
] as const;
