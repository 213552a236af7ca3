import type { Role } from '@hotline/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A link that makes somebody a member, once. The link itself is stored nowhere. */
@Entity('invitation')
export class InvitationEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Null for the first administrator of an installation, who names one. */
  @Column('text', { nullable: true })
  email!: string | null;

  /** As the tenant's other members will see the person. */
  @Column('text')
  name!: string;

  @Column('text')
  role!: Role;

  /** Account of who invited; null: the installation itself. */
  @Column('uuid', { name: 'invited_by', nullable: true })
  invitedBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
