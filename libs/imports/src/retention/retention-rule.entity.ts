import type { DatasetId } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How long the rows of a dataset are kept. */
@Entity('retention_rule')
export class RetentionRuleEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text')
  dataset!: DatasetId;

  /** Null: for ever. */
  @Column('integer', { nullable: true })
  months!: number | null;

  /** A day after it was set, so that a slip can be put right. */
  @Column('timestamptz', { name: 'applies_from' })
  appliesFrom!: Date;

  /** First month (YYYY-MM) that is still open; null: nothing was ever removed. It never goes back. */
  @Column('text', { name: 'closed_before', nullable: true })
  closedBefore!: string | null;

  /** Of all times together. */
  @Column('bigint', { name: 'removed_rows', transformer: { from: Number, to: (value: number) => value } })
  removedRows!: number;

  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt!: Date | null;
}
