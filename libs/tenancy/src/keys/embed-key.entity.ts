import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that stands in the pages of portals. It is no secret: it opens what was published, and nothing else. */
@Entity('embed_key')
export class EmbedKeyEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** `pk_` and 22 letters and digits. */
  @Column('text')
  key!: string;

  @Column('text')
  name!: string;

  /** Sites that may show it, such as `https://www.wuhan.gov.cn`. */
  @Column('text', { array: true })
  origins!: string[];

  /** Account of who made it. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
