import {
  CONFIG,
  Mailer,
  SharedDb,
  TenantDb,
  type Config,
  type RequestContext,
  type Role,
  type TenantKind,
  type TenantScope,
} from '@hotline/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { normalEmail } from '../accounts/email.js';
import { invitationMail } from '../accounts/link-mails.js';
import { hashPassword, requireGoodPassword } from '../accounts/passwords.js';
import { SessionsService, type SignedIn } from '../accounts/sessions.service.js';
import { SignInService, type Caller } from '../accounts/sign-in.service.js';
import { isToken, newToken, tokenHash } from '../accounts/token.js';
import { TenancyError } from '../tenancy-error.js';
import { TenantEntity } from '../tenants/tenant.entity.js';
import { InvitationEntity } from './invitation.entity.js';

export interface NewInvitation {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

export interface Invited {
  readonly invitation: InvitationEntity;
  /** To be handed over by who invited; null when it was sent by mail. */
  readonly link: string | null;
}

/** What the holder of a link may know before they accept. */
export interface OfferedMembership {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly tenantKind: TenantKind;
  readonly email: string | null;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date;
  /** No secret from who holds the link: accepting it asks for a password to be set, or for the one there is. */
  readonly hasAccount: boolean;
}

export interface Acceptance {
  /** Needed where the invitation names none; else it must be the same. */
  readonly email?: string;
  readonly name?: string;
  /** Sets the password of an account that is made here, and proves who owns one that exists. */
  readonly password?: string;
  readonly code?: string;
  /** Account of the session that accepts; it needs no password again. */
  readonly signedInAs?: { readonly accountId: string; readonly secondFactor: boolean };
}

interface FoundInvitation {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly tenant_kind: TenantKind;
  readonly invitation_id: string;
  readonly email: string | null;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: Date;
  readonly account_id: string | null;
}

/** Days would be enough for a thief too. */
const validHours = 72;

/** How people become members: by a link that works once, for one address, one tenant and one role. */
@Injectable()
export class InvitationsService {
  private readonly log = new Logger(InvitationsService.name);

  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Invites to the tenant of the context. @throws TenancyError email_invalid, name_missing */
  async invite(ctx: RequestContext, invited: NewInvitation): Promise<Invited> {
    return this.inviteTo(ctx, ctx.accountId, invited);
  }

  /**
   * Invites to a tenant; an earlier invitation to the same address is void. A mail that cannot be sent leaves the link to
   * be handed over.
   * @param inviter account of who invites, an administrator there or of the operator; null: the installation
   */
  async inviteTo({ tenantId }: TenantScope, inviter: string | null, invited: NewInvitation): Promise<Invited> {
    const { email, name } = this.requireValid(invited);
    const inviterName = inviter === null ? null : await this.signIn.emailOf(inviter);
    const token = newToken();
    const { invitation, tenant } = await this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        `update invitation set revoked_at = now() where tenant_id = $1 and email = $2 and accepted_at is null
           and revoked_at is null`,
        [tenantId, email],
      );
      return {
        invitation: await insert(manager, { tenantId, email, name, role: invited.role, inviter, token }),
        tenant: await manager.findOneByOrFail(TenantEntity, { tenantId }),
      };
    });
    const link = this.link(token);
    if (!this.mailer.configured) return { invitation, link };
    const about = { tenant: tenant.name, inviter: inviterName ?? tenant.name, role: invited.role, hours: validHours };
    try {
      await this.mailer.send(invitationMail(email, about, link));
      return { invitation, link: null };
    } catch (error) {
      this.log.error(`a mail with an invitation was not sent: ${(error as { code?: string }).code ?? '?'}`);
      return { invitation, link };
    }
  }

  /** Address and name as they are kept. @throws TenancyError email_invalid, name_missing */
  requireValid(invited: NewInvitation): { email: string; name: string } {
    const email = normalEmail(invited.email);
    if (email === null) throw new TenancyError('email_invalid');
    const name = invited.name.trim();
    if (name === '') throw new TenancyError('name_missing');
    return { email, name };
  }

  /** A link for the first administrator of a tenant, who names their own address; earlier ones are void. */
  async firstAdministratorLink({ tenantId }: TenantScope): Promise<string> {
    const token = newToken();
    await this.db.run({ tenantId }, async (manager) => {
      await manager.query(
        'update invitation set revoked_at = now() where tenant_id = $1 and email is null and revoked_at is null',
        [tenantId],
      );
      await insert(manager, { tenantId, email: null, name: '', role: 'administrator', inviter: null, token });
    });
    return this.link(token);
  }

  /** Newest first, those that are no longer open included. */
  async list(ctx: RequestContext): Promise<InvitationEntity[]> {
    const { tenantId } = ctx;
    return this.db.runReadOnly(ctx, (manager) =>
      manager.find(InvitationEntity, { where: { tenantId }, order: { id: 'DESC' } }),
    );
  }

  /** @throws TenancyError invitation_not_found, also for one that was accepted */
  async revoke(ctx: RequestContext, id: string): Promise<InvitationEntity> {
    const { tenantId } = ctx;
    return this.db.run(ctx, async (manager) => {
      const found = isUuid(id) ? await manager.findOneBy(InvitationEntity, { tenantId, id }) : null;
      if (!found || found.acceptedAt !== null) throw new TenancyError('invitation_not_found', { id });
      await manager.query(
        `update invitation set revoked_at = now()
           where tenant_id = $1 and id = $2 and revoked_at is null and accepted_at is null`,
        [tenantId, id],
      );
      return manager.findOneByOrFail(InvitationEntity, { tenantId, id });
    });
  }

  /** @throws TenancyError link_invalid: made up, used, revoked, over, or who invited may no longer invite */
  async find(token: string): Promise<OfferedMembership> {
    const found = await this.require(token);
    return {
      tenantId: found.tenant_id,
      tenantName: found.tenant_name,
      tenantKind: found.tenant_kind,
      email: found.email,
      name: found.name,
      role: found.role,
      expiresAt: found.expires_at,
      hasAccount: found.account_id !== null,
    };
  }

  /**
   * Makes the holder of the link a member and opens a session for the tenant. Who has an account proves it is theirs.
   * @throws TenancyError link_invalid, email_invalid, name_missing, password_rejected, and what SignInService.prove throws
   */
  async accept(token: string, acceptance: Acceptance, caller: Caller): Promise<SignedIn> {
    const found = await this.require(token);
    const email = found.email ?? normalEmail(acceptance.email ?? '');
    if (email === null) throw new TenancyError('email_invalid');
    const name = (acceptance.name ?? found.name).trim();
    if (name === '') throw new TenancyError('name_missing');
    const proved = found.account_id === null ? null : await this.prove(found.account_id, email, acceptance, caller);
    const password = acceptance.password ?? '';
    if (proved === null) requireGoodPassword(password);
    const accountId = proved?.accountId ?? uuid();
    const accepted = await this.take(found, {
      accountId,
      email,
      passwordHash: proved === null ? await hashPassword(password) : null,
      name,
    });
    if (!accepted) throw new TenancyError('link_invalid');
    const account = proved ?? { accountId, secondFactor: false, client: caller.client };
    return this.sessions.open(account, found.tenant_id);
  }

  /**
   * Accepts what an address was invited to, for a person whose provider vouches for the address.
   * @param known their account; null when they have none yet
   * @returns the account; null when nobody invited them
   */
  async acceptAllFor(email: string, known: string | null): Promise<string | null> {
    if (known !== null && (await this.signIn.emailOf(known)) !== email) return null;
    const open = await this.shared.query<{ tenant_id: string; invitation_id: string; name: string }>(
      'select * from open_invitations_to($1)',
      [email],
    );
    const accountId = known ?? uuid();
    let accepted = false;
    for (const invitation of open) {
      const taken = await this.take(invitation, { accountId, email, passwordHash: null, name: invitation.name });
      accepted ||= taken;
    }
    return accepted ? accountId : null;
  }

  private async prove(accountId: string, email: string, { password, code, signedInAs }: Acceptance, caller: Caller) {
    if (signedInAs?.accountId === accountId) return { ...signedInAs, client: caller.client };
    const credentials = { email, password: password ?? '', ...(code === undefined ? {} : { code }) };
    return this.signIn.prove(credentials, caller);
  }

  private async require(token: string): Promise<FoundInvitation> {
    const [found] = isToken(token)
      ? await this.shared.query<FoundInvitation>('select * from find_invitation($1)', [tokenHash(token)])
      : [];
    if (!found) throw new TenancyError('link_invalid');
    return found;
  }

  private async take(
    invitation: { readonly tenant_id: string; readonly invitation_id: string },
    by: { accountId: string; email: string; passwordHash: string | null; name: string },
  ): Promise<boolean> {
    const [row] = await this.shared.change<{ account: string | null }>(
      'select accept_invitation($1, $2, $3, $4, $5, $6, $7) as account',
      [invitation.tenant_id, invitation.invitation_id, by.accountId, by.email, by.passwordHash, uuid(), by.name],
    );
    return row?.account === by.accountId;
  }

  /** In the fragment: browsers send it to no server, and name it in no Referer. */
  private link(token: string): string {
    return `${this.config.publicUrl}/#invitation=${token}`;
  }
}

async function insert(
  manager: EntityManager,
  {
    tenantId,
    email,
    name,
    role,
    inviter,
    token,
  }: {
    tenantId: string;
    email: string | null;
    name: string;
    role: Role;
    inviter: string | null;
    token: string;
  },
): Promise<InvitationEntity> {
  const id = uuid();
  await manager.query(
    `insert into invitation (tenant_id, id, email, name, role, token_hash, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 hour')`,
    [tenantId, id, email, name, role, tokenHash(token), inviter, validHours],
  );
  return manager.findOneByOrFail(InvitationEntity, { tenantId, id });
}
