import { TenantDb, type RequestContext, type Role } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { TenancyError } from '../tenancy-error.js';
import { MemberEntity } from './member.entity.js';

/** A member, with the address of their account for who may see it. */
export interface ListedMember {
  readonly entity: MemberEntity;
  /** Null: not for the eyes of who asks. */
  readonly email: string | null;
}

/** Who acts for a tenant, and as what. */
@Injectable()
export class MembersService {
  constructor(private readonly db: TenantDb) {}

  /** In the order in which they came; addresses for administrators only. */
  async list(ctx: RequestContext): Promise<ListedMember[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, async (manager) => {
      const members = await manager.find(MemberEntity, {
        where: { tenantId },
        order: { createdAt: 'ASC', id: 'ASC' },
      });
      if (!ctx.roles.includes('administrator')) return members.map((entity) => ({ entity, email: null }));
      const emails = await manager.query<{ member_id: string; email: string }[]>('select * from emails_of_members()');
      const byMember = new Map(emails.map(({ member_id, email }) => [member_id, email]));
      return members.map((entity) => ({ entity, email: byMember.get(entity.id) ?? null }));
    });
  }

  /** Their sessions end with it: what they do next they do in the new role. @throws TenancyError member_not_found, last_administrator */
  async changeRole(ctx: RequestContext, id: string, role: Role): Promise<MemberEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const member = await this.requireMember(manager, tenantId, id);
      if (member.role === role) return member;
      if (role !== 'administrator') await requireOtherAdministrator(manager, tenantId, id);
      await manager.query('update member set role = $3 where tenant_id = $1 and id = $2', [tenantId, id, role]);
      await manager.query('delete from session where tenant_id = $1 and member_id = $2', [tenantId, id]);
      return this.requireMember(manager, tenantId, id);
    });
  }

  /** Their sessions for this tenant end; the account stays for others. @throws TenancyError member_not_found, last_administrator */
  async remove(ctx: RequestContext, id: string): Promise<MemberEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const member = await this.requireMember(manager, tenantId, id);
      await requireOtherAdministrator(manager, tenantId, id);
      await manager.query('delete from member where tenant_id = $1 and id = $2', [tenantId, id]);
      return member;
    });
  }

  private async requireMember(manager: EntityManager, tenantId: string, id: string): Promise<MemberEntity> {
    const found = isUuid(id) ? await manager.findOneBy(MemberEntity, { tenantId, id }) : null;
    if (!found) throw new TenancyError('member_not_found', { id });
    return found;
  }
}

/** Locks the administrators, so that two who remove each other at the same time do not both succeed. */
async function requireOtherAdministrator(manager: EntityManager, tenantId: string, id: string): Promise<void> {
  const administrators = await manager.query<{ id: string }[]>(
    `select id from member where tenant_id = $1 and role = 'administrator' order by id for update`,
    [tenantId],
  );
  const others = administrators.filter((each) => each.id !== id);
  if (others.length < administrators.length && others.length === 0) throw new TenancyError('last_administrator');
}
