import type { DatasetId } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const bigint = { from: Number, to: (value: number) => value };

/** A file that arrives in parts. It lives for a day from its start. */
@Entity('upload')
export class UploadEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'file_name' })
  fileName!: string;

  /** Dataset named by the sender; empty when it is to be recognised. */
  @Column('text', { name: 'requested_dataset' })
  requestedDataset!: DatasetId | '';

  /** Of the whole file, as announced. */
  @Column('bigint', { transformer: bigint })
  bytes!: number;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('text', { name: 'started_by' })
  startedBy!: string;

  /** What it became; null until it is finished. */
  @Column('uuid', { name: 'import_id', nullable: true })
  importId!: string | null;
}

/** A part that arrived whole, encrypted in the file store. */
@Entity('upload_part')
export class UploadPartEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid', { name: 'upload_id' })
  uploadId!: string;

  /** From 1. */
  @PrimaryColumn('integer')
  number!: number;

  @Column('text')
  sha256!: string;

  @Column('bigint', { transformer: bigint })
  bytes!: number;

  @Column('text')
  file!: string;
}
