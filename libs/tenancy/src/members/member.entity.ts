import type { Role } from '@hotline/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account acting for a tenant. */
@Entity('member')
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  role!: Role;

  /** As the tenant's other members see the person. */
  @Column('text')
  name!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
