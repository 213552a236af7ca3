import type { DatasetId } from '@hotline/rows';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a centre said its files of a dataset follow; used for every later file. */
@Entity('stated_definition')
export class StatedDefinitionEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('text')
  dataset!: DatasetId;

  /** Choice by topic of the definition ledger. */
  @Column('jsonb')
  choices!: Readonly<Record<string, string>>;

  @Column('timestamptz', { name: 'stated_at' })
  statedAt!: Date;

  @Column('text', { name: 'stated_by' })
  statedBy!: string;
}
