import type { DatasetId, FileMapping } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How this tenant's files with certain headers are read; given once, used by itself for every later file that has them. */
@Entity('file_layout')
export class FileLayoutEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  dataset!: DatasetId;

  /** Of the file it was given for, so that people know it again; null where it was given before any file came. */
  @Column('text', { name: 'file_name', nullable: true })
  fileName!: string | null;

  /** Filled headers of the files that are read with it; null until the first one was. */
  @Column('jsonb', { nullable: true })
  headers!: readonly string[] | null;

  /** SHA-256 of the headers, whatever their order; one layout of a dataset has it. */
  @Column('text', { name: 'headers_hash', nullable: true })
  headersHash!: string | null;

  @Column('jsonb')
  mapping!: FileMapping;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;

  /** When a file was last read with it. */
  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
