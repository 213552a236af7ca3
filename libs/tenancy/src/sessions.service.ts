import { createHash, createHmac, randomBytes } from 'node:crypto';
import { SharedDb, TenantDb, TenantKeys, type RequestContext, type Role, type TenantKind } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { includedRoles } from './included-roles.js';
import { hashPassword, isOutdated, verifyPassword } from './passwords.js';
import { TenancyError } from './tenancy-error.js';
import { normalEmail } from './tenants.service.js';

/** A tenant an account may act for. */
export interface MemberContext {
  readonly tenantId: string;
  readonly tenantKind: TenantKind;
  readonly tenantName: string;
  readonly isDemo: boolean;
  readonly memberId: string;
  readonly role: Role;
}

export interface SignedIn {
  /** Given to the client once; only its hash is stored. */
  readonly token: string;
  /** When it ends at the latest, however busy it is. */
  readonly expiresAt: Date;
  readonly accountId: string;
  /** The one the session acts for. */
  readonly current: MemberContext;
  readonly contexts: readonly MemberContext[];
}

export type ResolvedSession = Omit<RequestContext, 'requestId'> & { readonly expiresAt: Date };

interface Membership {
  readonly tenant_id: string;
  readonly tenant_kind: TenantKind;
  readonly tenant_name: string;
  readonly is_demo: boolean;
  readonly member_id: string;
  readonly role: Role;
}

interface SessionRow {
  readonly tenant_id: string;
  readonly tenant_kind: TenantKind;
  readonly account_id: string;
  readonly member_id: string;
  readonly role: Role;
  readonly expires_at: Date;
}

/** Failed attempts after which each further one has to wait longer: for one account, and from one network address. */
const limits = { account: 10, address: 100 };

/** Signing in and out; sessions live in the database, so that ending one works at once everywhere. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
    private readonly keys: TenantKeys,
  ) {}

  /**
   * Opens a session of 12 hours at most, which ends by itself after 30 minutes without use.
   * @param where address of the client, and the tenant to act for when the account has several
   * @throws TenancyError sign_in_failed (whatever was wrong) or sign_in_delayed (with retryAfterSeconds)
   */
  async signIn(email: string, password: string, where: { ip: string; tenantId?: string }): Promise<SignedIn> {
    const address = normalEmail(email) ?? '';
    const attempt = { account: this.attemptKey('account', address), address: this.attemptKey('address', where.ip) };
    await this.beginSignIn(attempt.account, limits.account);
    await this.beginSignIn(attempt.address, limits.address);

    const [account] = await this.shared.query<{ account_id: string; password_hash: string }>(
      'select * from find_sign_in($1)',
      [address],
    );
    const right = await verifyPassword(account?.password_hash ?? null, password);
    if (!account || !right) throw new TenancyError('sign_in_failed');
    const contexts = await this.contexts(account.account_id);
    const current =
      where.tenantId === undefined ? contexts[0] : contexts.find((context) => context.tenantId === where.tenantId);
    if (!current) throw new TenancyError('sign_in_failed');

    await this.shared.query('select forgive_sign_in($1, $2)', [attempt.account, attempt.address]);
    if (isOutdated(account.password_hash)) {
      const renewed = await hashPassword(password);
      await this.shared.query('select replace_password_hash($1, $2, $3)', [
        account.account_id,
        account.password_hash,
        renewed,
      ]);
    }
    const token = randomBytes(32).toString('base64url');
    const expiresAt = await this.openSession(token, account.account_id, current);
    return { token, expiresAt, accountId: account.account_id, current, contexts };
  }

  /** Null when the token is not one, or has ended. Counts as use. */
  async resolveSession(token: string): Promise<ResolvedSession | null> {
    if (!isToken(token)) return null;
    const [row] = await this.shared.query<SessionRow>('select * from resolve_session($1)', [tokenHash(token)]);
    if (!row) return null;
    return {
      tenantId: row.tenant_id,
      tenantKind: row.tenant_kind,
      accountId: row.account_id,
      memberId: row.member_id,
      roles: includedRoles(row.role),
      apiKey: null,
      expiresAt: row.expires_at,
    };
  }

  /** A token that has ended is no error. */
  async signOut(token: string): Promise<void> {
    const session = await this.resolveSession(token);
    if (!session) return;
    const { tenantId } = session;
    await this.db.run({ tenantId }, (manager) =>
      manager.query('delete from session where tenant_id = $1 and token_hash = $2', [tenantId, tokenHash(token)]),
    );
  }

  private async contexts(accountId: string): Promise<MemberContext[]> {
    const rows = await this.shared.query<Membership>('select * from memberships_of($1)', [accountId]);
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      tenantKind: row.tenant_kind,
      tenantName: row.tenant_name,
      isDemo: row.is_demo,
      memberId: row.member_id,
      role: row.role,
    }));
  }

  private async openSession(token: string, accountId: string, { tenantId, memberId }: MemberContext): Promise<Date> {
    return this.db.run({ tenantId }, async (manager) => {
      await manager.query('delete from session where tenant_id = $1 and expires_at < now()', [tenantId]);
      const [session] = await manager.query<{ expires_at: Date }[]>(
        `insert into session (tenant_id, id, token_hash, account_id, member_id, expires_at)
         values ($1, $2, $3, $4, $5, now() + interval '12 hours') returning expires_at`,
        [tenantId, uuid(), tokenHash(token), accountId, memberId],
      );
      if (!session) throw new Error('no session was opened');
      return session.expires_at;
    });
  }

  /** @throws TenancyError sign_in_delayed */
  private async beginSignIn(key: string, limit: number): Promise<void> {
    const [row] = await this.shared.query<{ wait: number }>('select begin_sign_in($1, $2) as wait', [key, limit]);
    if (row && row.wait > 0) throw new TenancyError('sign_in_delayed', { retryAfterSeconds: row.wait });
  }

  /** What is counted is not readable in the database: neither who tried nor from where. */
  private attemptKey(kind: keyof typeof limits, text: string): string {
    return createHmac('sha256', this.keys.installationKey('sign-in')).update(`${kind}:${text}`).digest('base64url');
  }
}

function isToken(token: string): boolean {
  return /^[\w-]{43}$/.test(token);
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
