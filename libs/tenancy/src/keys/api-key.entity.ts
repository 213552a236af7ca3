import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key of a program. The key itself is stored nowhere. */
@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** First characters of the key, by which people tell keys apart. */
  @Column('text')
  prefix!: string;

  /** SHA-256, hexadecimal. */
  @Column('text', { select: false })
  hash!: string;

  @Column('text', { array: true })
  scopes!: string[];

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** To the minute at best. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
