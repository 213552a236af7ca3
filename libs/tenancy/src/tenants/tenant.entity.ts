import type { TenantKind } from '@hotline/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An organisation whose data is its own: a city centre, a provincial office or the operator. */
@Entity('tenant')
export class TenantEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text')
  kind!: TenantKind;

  @Column('text')
  name!: string;

  /** GB/T 2260 code of the city; null unless the tenant is a city. */
  @Column('text', { name: 'city_code', nullable: true })
  cityCode!: string | null;

  /** GB/T 2260 code of the province; null unless the tenant is a provincial office. */
  @Column('text', { name: 'province_code', nullable: true })
  provinceCode!: string | null;

  /** Its data is made up; shown wherever a result of it is. */
  @Column('boolean', { name: 'is_demo' })
  isDemo!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
