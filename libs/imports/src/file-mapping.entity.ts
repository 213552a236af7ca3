import type { DatasetId, FileMapping } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How this tenant's files of a dataset are read; given once, used for every later file. */
@Entity('file_mapping')
export class FileMappingEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text')
  dataset!: DatasetId;

  @Column('jsonb')
  mapping!: FileMapping;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;
}
