import { SharedDb, TenantDb, type Role, type TenantKind, type TenantScope } from '@hotline/platform';
import { findCity, findProvince } from '@hotline/registry';
import { Injectable } from '@nestjs/common';
import { v4 as randomUuid, v7 as uuid } from 'uuid';
import { normalEmail } from '../accounts/email.js';
import { MemberEntity } from '../members/member.entity.js';
import { hashPassword, requireGoodPassword } from '../accounts/passwords.js';
import { TenancyError } from '../tenancy-error.js';
import { TenantEntity } from './tenant.entity.js';

export interface NewTenant {
  /** Given where the same tenant must be found again, as in the demo; else made. */
  readonly tenantId?: string;
  readonly kind: TenantKind;
  readonly name: string;
  /** GB/T 2260; of a city, and only of a city. */
  readonly cityCode?: string;
  /** GB/T 2260; of a provincial office, and only of one. */
  readonly provinceCode?: string;
  readonly isDemo: boolean;
}

export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Sets the password of an account that is made here; one that exists keeps its own. */
  readonly password: string;
}

/** Tenants and who acts for them. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
  ) {}

  /** Makes a tenant; one with the same id stays as it is. @throws TenancyError tenant_invalid */
  async createTenant(tenant: NewTenant): Promise<TenantEntity> {
    const { cityCode = null, provinceCode = null, name, kind, isDemo } = tenant;
    if (name.trim() === '') throw new TenancyError('tenant_invalid', { field: 'name' });
    if ((kind === 'city') !== (cityCode !== null) || (cityCode !== null && !findCity(cityCode))) {
      throw new TenancyError('tenant_invalid', { field: 'cityCode', value: cityCode ?? '' });
    }
    if ((kind === 'province') !== (provinceCode !== null) || (provinceCode !== null && !findProvince(provinceCode))) {
      throw new TenancyError('tenant_invalid', { field: 'provinceCode', value: provinceCode ?? '' });
    }
    // Random throughout: one that tells the time would tell when a tenant came.
    const tenantId = tenant.tenantId ?? randomUuid();
    return this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        `insert into tenant (tenant_id, kind, name, city_code, province_code, is_demo)
         values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id) do nothing`,
        [tenantId, kind, name.trim(), cityCode, provinceCode, isDemo],
      );
      return manager.findOneByOrFail(TenantEntity, { tenantId });
    });
  }

  /** Null when there is no such tenant. */
  async find({ tenantId }: TenantScope): Promise<TenantEntity | null> {
    return this.db.runReadOnly({ tenantId }, (manager) => manager.findOneBy(TenantEntity, { tenantId }));
  }

  /** Whether anybody could sign in at all. */
  async hasAccounts(): Promise<boolean> {
    const [row] = await this.shared.query<{ found: boolean }>('select accounts_exist() as found');
    return row?.found ?? false;
  }

  /** For the operator, who names the first administrator of a tenant and no other. @throws TenancyError tenant_has_administrator */
  async requireNoAdministrator({ tenantId }: TenantScope): Promise<void> {
    const open = await this.db.runReadOnly({ tenantId }, async (manager) => {
      if (!(await manager.existsBy(TenantEntity, { tenantId }))) return false;
      return !(await manager.existsBy(MemberEntity, { tenantId, role: 'administrator' }));
    });
    // One that does not exist is told like one that is taken care of.
    if (!open) throw new TenancyError('tenant_has_administrator');
  }

  /**
   * Lets an account act for the tenant; makes the account when the address has none. Who is a member already stays one
   * as they are.
   * @throws TenancyError password_rejected, email_invalid
   */
  async addMember({ tenantId }: TenantScope, member: NewMember): Promise<MemberEntity> {
    const email = normalEmail(member.email);
    if (email === null) throw new TenancyError('email_invalid');
    requireGoodPassword(member.password);
    const [account] = await this.shared.change<{ id: string }>('select keep_account($1, $2, $3) as id', [
      uuid(),
      email,
      await hashPassword(member.password),
    ]);
    if (!account) throw new Error('no account was kept');
    return this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        `insert into member (tenant_id, id, account_id, role, name) values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, account_id) do nothing`,
        [tenantId, uuid(), account.id, member.role, member.name],
      );
      return manager.findOneByOrFail(MemberEntity, { tenantId, accountId: account.id });
    });
  }

  /** In the order in which they came. */
  async members({ tenantId }: TenantScope): Promise<MemberEntity[]> {
    return this.db.runReadOnly({ tenantId }, (manager) =>
      manager.find(MemberEntity, { where: { tenantId }, order: { createdAt: 'ASC', id: 'ASC' } }),
    );
  }
}
