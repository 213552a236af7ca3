import { TenantDb, type Role, type TenantKind, type TenantScope } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import type { MemberEntity } from './member.entity.js';
import type { TenantEntity } from './tenant.entity.js';

export interface NewTenant {
  /** Given where the same tenant must be found again, as in the demo; else made. */
  readonly tenantId?: string;
  readonly kind: TenantKind;
  readonly name: string;
  readonly cityCode?: string;
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
  constructor(protected readonly db: TenantDb) {}

  /** Makes a tenant; one with the same id stays as it is. */
  async createTenant(_tenant: NewTenant): Promise<TenantEntity> {
    throw new Error('not there yet');
  }

  async find(_ctx: TenantScope): Promise<TenantEntity | null> {
    throw new Error('not there yet');
  }

  /** Lets an account act for the tenant; makes the account when the address has none. @throws TenancyError password_rejected */
  async addMember(_ctx: TenantScope, _member: NewMember): Promise<MemberEntity> {
    throw new Error('not there yet');
  }

  async members(_ctx: TenantScope): Promise<MemberEntity[]> {
    throw new Error('not there yet');
  }
}
