import { SharedDb } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { TenancyError } from '../tenancy-error.js';
import { Attempts } from './attempts.js';
import { normalEmail } from './email.js';
import { hashPassword, isOutdated, requireGoodPassword, verifyPassword } from './passwords.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionsService, type ProvedAccount, type SignedIn } from './sessions.service.js';

/** Where an attempt comes from. */
export interface Caller {
  readonly ip: string;
  readonly client: string;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or one of the recovery codes; needed by accounts that have one. */
  readonly code?: string;
}

interface FoundAccount {
  readonly account_id: string;
  readonly password_hash: string | null;
}

/** Proving who one is by a password, and setting another. */
@Injectable()
export class SignInService {
  constructor(
    private readonly shared: SharedDb,
    private readonly attempts: Attempts,
    private readonly secondFactor: SecondFactorService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /** @throws TenancyError what `prove` throws; sign_in_failed also for who is a member of no tenant, or not of this one */
  async signIn(credentials: Credentials, caller: Caller, tenantId?: string): Promise<SignedIn> {
    const account = await this.prove(credentials, caller);
    try {
      return await this.sessions.open(account, tenantId);
    } catch (error) {
      if (error instanceof TenancyError && error.code === 'not_a_member') throw new TenancyError('sign_in_failed');
      throw error;
    }
  }

  /**
   * Whether there is no such account, it is disabled or the password is wrong: the answer is the same, and so is the work.
   * @throws TenancyError sign_in_failed, sign_in_delayed (with retryAfterSeconds); with the right password also
   *   code_needed, code_wrong
   */
  async prove({ email, password, code }: Credentials, { ip, client }: Caller): Promise<ProvedAccount> {
    const address = normalEmail(email) ?? '';
    await this.attempts.begin('account', address);
    await this.attempts.begin('address', ip);
    const [found] = await this.shared.query<FoundAccount>('select * from find_sign_in($1)', [address]);
    const right = await verifyPassword(found?.password_hash ?? null, password);
    if (!found || !right) {
      await this.audit.noteFailedSignIn(address);
      throw new TenancyError('sign_in_failed');
    }
    await this.attempts.forgive('account', address, ip);
    const { account_id: accountId } = found;
    if (found.password_hash !== null && isOutdated(found.password_hash)) {
      const renewed = await hashPassword(password);
      await this.shared.query('select replace_password_hash($1, $2, $3)', [accountId, found.password_hash, renewed]);
    }
    const { enabled } = await this.secondFactor.state(accountId);
    if (enabled) {
      if (code === undefined || code === '') throw new TenancyError('code_needed');
      await this.secondFactor.require(accountId, code, ip);
    }
    return { accountId, secondFactor: enabled, client };
  }

  /**
   * Sets another password; every session of the account ends, in every tenant.
   * @throws TenancyError sign_in_failed (the current one is wrong), sign_in_delayed, password_rejected
   */
  async changePassword(accountId: string, current: string, wanted: string, { ip }: Caller): Promise<void> {
    requireGoodPassword(wanted);
    const email = await this.emailOf(accountId);
    await this.attempts.begin('account', email);
    const [found] = await this.shared.query<FoundAccount>('select * from find_sign_in($1)', [email]);
    const right = await verifyPassword(found?.password_hash ?? null, current);
    if (!found || !right) throw new TenancyError('sign_in_failed');
    await this.attempts.forgive('account', email, ip);
    const [row] = await this.shared.change<{ changed: boolean }>('select change_password($1, $2, $3) as changed', [
      accountId,
      found.password_hash,
      await hashPassword(wanted),
    ]);
    // Someone was faster: the password that was shown is no longer the current one.
    if (row?.changed !== true) throw new TenancyError('sign_in_failed');
  }

  async emailOf(accountId: string): Promise<string> {
    const [row] = await this.shared.query<{ email: string | null }>('select email_of($1) as email', [accountId]);
    if (!row?.email) throw new Error('the account is gone');
    return row.email;
  }
}
