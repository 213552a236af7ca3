import type { DatasetId } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const count = { transformer: { from: Number, to: (value: number) => value } };

/** A month of a dataset as one immutable Parquet file: derived from the list of committed imports. */
@Entity('segment')
export class SegmentEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text')
  dataset!: DatasetId;

  @PrimaryColumn('text')
  month!: string;

  /** Path within the tenant's folder of the file store. */
  @Column('text')
  file!: string;

  @Column('text')
  sha256!: string;

  @Column('bigint', count)
  bytes!: number;

  @Column('bigint', count)
  rows!: number;
}
