import { SharedDb, TenantDb, type RequestContext, type Role, type TenantKind } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { validate as isUuid, v7 as uuid } from 'uuid';
import { includedRoles } from '../members/included-roles.js';
import { TenancyError } from '../tenancy-error.js';
import { isToken, newToken, tokenHash } from './token.js';

/** A tenant an account may act for. */
export interface MemberContext {
  readonly tenantId: string;
  readonly tenantKind: TenantKind;
  readonly tenantName: string;
  readonly isDemo: boolean;
  readonly memberId: string;
  readonly role: Role;
}

/** Who has proved who they are, and how. */
export interface ProvedAccount {
  readonly accountId: string;
  /** Whether a second factor was shown as well. */
  readonly secondFactor: boolean;
  /** What the program they use calls itself, to tell sessions apart. */
  readonly client: string;
}

export interface SignedIn {
  /** Given to the client once; only its hash is stored. */
  readonly token: string;
  /** When it ends at the latest, however busy it is. */
  readonly expiresAt: Date;
  readonly accountId: string;
  readonly secondFactor: boolean;
  /** The one the session acts for. */
  readonly current: MemberContext;
  readonly contexts: readonly MemberContext[];
}

export interface ResolvedSession {
  readonly id: string;
  readonly context: Omit<RequestContext, 'requestId'> & { readonly accountId: string; readonly memberId: string };
  readonly secondFactor: boolean;
  readonly expiresAt: Date;
}

/** A session as its owner sees it in a list. */
export interface OpenSession {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly client: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

interface SessionRow {
  readonly session_id: string;
  readonly tenant_id: string;
  readonly tenant_kind: TenantKind;
  readonly account_id: string;
  readonly member_id: string;
  readonly role: Role;
  readonly second_factor: boolean;
  readonly expires_at: Date;
}

/** Sessions live in the database, so that ending one works at once everywhere. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
  ) {}

  /**
   * Opens a session of 12 hours at most, which ends by itself after 30 minutes without use.
   * @param tenantId the tenant to act for; by default the one the account joined first
   * @throws TenancyError not_a_member
   */
  async open(account: ProvedAccount, tenantId?: string): Promise<SignedIn> {
    const contexts = await this.contexts(account.accountId);
    const current = tenantId === undefined ? contexts[0] : contexts.find((context) => context.tenantId === tenantId);
    if (!current) throw new TenancyError('not_a_member');
    const token = newToken();
    const expiresAt = await this.insert(token, account, current, null);
    return { token, expiresAt, current, contexts, accountId: account.accountId, secondFactor: account.secondFactor };
  }

  /** Null when the token is not one, or has ended. Counts as use. */
  async resolveSession(token: string): Promise<ResolvedSession | null> {
    if (!isToken(token)) return null;
    const [row] = await this.shared.query<SessionRow>('select * from find_session($1)', [tokenHash(token)]);
    if (!row) return null;
    return {
      id: row.session_id,
      context: {
        tenantId: row.tenant_id,
        tenantKind: row.tenant_kind,
        accountId: row.account_id,
        memberId: row.member_id,
        roles: includedRoles(row.role),
        apiKey: null,
      },
      secondFactor: row.second_factor,
      expiresAt: row.expires_at,
    };
  }

  /** A token that has ended is no error. */
  async signOut(token: string): Promise<void> {
    const session = await this.resolveSession(token);
    if (session) await this.end(session.context.tenantId, token);
  }

  /**
   * Acts for another tenant of the account from now on, under a new token; the old one ends. The session lasts no longer
   * for it.
   * @throws TenancyError not_a_member, session_ended
   */
  async switchTenant(token: string, tenantId: string, client: string): Promise<SignedIn> {
    return this.renew(token, { tenantId, client });
  }

  /** The same session under a new token, now with the second factor shown. @throws TenancyError session_ended */
  async raise(token: string, client: string): Promise<SignedIn> {
    return this.renew(token, { secondFactor: true, client });
  }

  /** Of all tenants of the account, newest first. */
  async list(accountId: string): Promise<OpenSession[]> {
    return this.shared.query<OpenSession>(
      `select session_id as id, tenant_id as "tenantId", tenant_name as "tenantName", client,
         created_at as "createdAt", used_at as "usedAt", expires_at as "expiresAt" from sessions_of($1)`,
      [accountId],
    );
  }

  /** Ends one session of the account. @throws TenancyError session_not_found */
  async endOne(accountId: string, id: string): Promise<void> {
    const found = isUuid(id) ? await this.endSessions(accountId, id, null) : 0;
    if (found === 0) throw new TenancyError('session_not_found', { id });
  }

  /** Ends every session of the account but the one with this token; returns how many. */
  async endOthers(accountId: string, token: string): Promise<number> {
    return this.endSessions(accountId, null, tokenHash(token));
  }

  /** Every tenant the account may act for, in the order in which it joined them. */
  async contexts(accountId: string): Promise<MemberContext[]> {
    return this.shared.query<MemberContext>(
      `select tenant_id as "tenantId", tenant_kind as "tenantKind", tenant_name as "tenantName",
         is_demo as "isDemo", member_id as "memberId", role from memberships_of($1)`,
      [accountId],
    );
  }

  private async renew(
    token: string,
    change: { readonly tenantId?: string; readonly secondFactor?: true; readonly client: string },
  ): Promise<SignedIn> {
    const session = await this.resolveSession(token);
    if (!session) throw new TenancyError('session_ended');
    const { accountId } = session.context;
    const tenantId = change.tenantId ?? session.context.tenantId;
    const contexts = await this.contexts(accountId);
    const current = contexts.find((context) => context.tenantId === tenantId);
    if (!current) throw new TenancyError('not_a_member');
    const renewed = newToken();
    const secondFactor = change.secondFactor ?? session.secondFactor;
    const account = { accountId, secondFactor, client: change.client };
    const expiresAt = await this.insert(renewed, account, current, session.expiresAt);
    await this.end(session.context.tenantId, token);
    return { token: renewed, expiresAt, accountId, secondFactor, current, contexts };
  }

  private async insert(
    token: string,
    account: ProvedAccount,
    { tenantId, memberId }: MemberContext,
    expiresAt: Date | null,
  ): Promise<Date> {
    return this.db.run({ tenantId }, async (manager) => {
      await manager.query('delete from session where tenant_id = $1 and expires_at < now()', [tenantId]);
      const [session] = await manager.query<{ expires_at: Date }[]>(
        `insert into session (tenant_id, id, token_hash, account_id, member_id, second_factor, client, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now() + interval '12 hours')) returning expires_at`,
        [
          tenantId,
          uuid(),
          tokenHash(token),
          account.accountId,
          memberId,
          account.secondFactor,
          account.client.slice(0, 200),
          expiresAt,
        ],
      );
      if (!session) throw new Error('no session was opened');
      return session.expires_at;
    });
  }

  private async end(tenantId: string, token: string): Promise<void> {
    await this.db.run({ tenantId }, (manager) =>
      manager.query('delete from session where tenant_id = $1 and token_hash = $2', [tenantId, tokenHash(token)]),
    );
  }

  private async endSessions(accountId: string, only: string | null, keep: Buffer | null): Promise<number> {
    const [row] = await this.shared.change<{ ended: number }>('select end_sessions($1, $2, $3) as ended', [
      accountId,
      only,
      keep,
    ]);
    if (!row) throw new Error('no session was looked for');
    return row.ended;
  }
}
