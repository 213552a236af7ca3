import { createHmac, randomBytes } from 'node:crypto';
import { SharedDb, TenantKeys } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { TenancyError } from '../tenancy-error.js';
import { Attempts } from './attempts.js';
import { openSealedText, sealText } from './sealed-text.js';

/** What an authenticator needs to know; RFC 6238 with the settings that all of them understand. */
const settings = { issuer: 'Hotline Index', algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks may differ by one step. */
const window = 1;
const recoveryCodes = 10;

interface FactorRow {
  readonly secret: string;
  readonly confirmed: boolean;
  readonly recovery_codes: number;
}

/** Codes of an authenticator (TOTP), and recovery codes for when it is lost. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly shared: SharedDb,
    private readonly keys: TenantKeys,
    private readonly attempts: Attempts,
  ) {}

  async state(accountId: string): Promise<{ enabled: boolean; recoveryCodes: number }> {
    const row = await this.find(accountId);
    return { enabled: row?.confirmed ?? false, recoveryCodes: row?.confirmed === true ? row.recovery_codes : 0 };
  }

  /** A new secret, in force once a code of it has been shown. @throws TenancyError second_factor_exists */
  async begin(accountId: string, email: string): Promise<{ secret: string; address: string }> {
    const secret = new Secret({ size: 20 });
    const [row] = await this.shared.change<{ begun: boolean }>('select begin_second_factor($1, $2) as begun', [
      accountId,
      sealText(this.sealKey, secret.base32, accountId),
    ]);
    if (row?.begun !== true) throw new TenancyError('second_factor_exists');
    return { secret: secret.base32, address: new TOTP({ ...settings, label: email, secret }).toString() };
  }

  /**
   * Puts the secret into force; the recovery codes are shown this once.
   * @throws TenancyError second_factor_not_begun, second_factor_exists, code_wrong, sign_in_delayed
   */
  async confirm(accountId: string, code: string, ip: string): Promise<string[]> {
    await this.attempts.begin('code', accountId);
    await this.attempts.begin('address', ip);
    const row = await this.find(accountId);
    if (!row) throw new TenancyError('second_factor_not_begun');
    if (row.confirmed) throw new TenancyError('second_factor_exists');
    const step = this.stepOf(row, accountId, code);
    if (step === null) throw new TenancyError('code_wrong');
    const codes = Array.from({ length: recoveryCodes }, newRecoveryCode);
    const hashes = codes.map((each) => this.recoveryHash(accountId, each));
    const [done] = await this.shared.change<{ confirmed: boolean }>(
      'select confirm_second_factor($1, $2, $3) as confirmed',
      [accountId, step, hashes],
    );
    if (done?.confirmed !== true) throw new TenancyError('second_factor_exists');
    await this.attempts.forgive('code', accountId, ip);
    return codes;
  }

  /** A code of the authenticator, each taken once, or a recovery code. @throws TenancyError code_wrong, sign_in_delayed */
  async require(accountId: string, code: string, ip: string): Promise<void> {
    await this.attempts.begin('code', accountId);
    await this.attempts.begin('address', ip);
    if (!(await this.takes(accountId, code))) throw new TenancyError('code_wrong');
    await this.attempts.forgive('code', accountId, ip);
  }

  /** @throws TenancyError code_wrong, sign_in_delayed */
  async remove(accountId: string, code: string, ip: string): Promise<void> {
    await this.require(accountId, code, ip);
    await this.shared.change('select remove_second_factor($1)', [accountId]);
  }

  private async takes(accountId: string, code: string): Promise<boolean> {
    const row = await this.find(accountId);
    if (row?.confirmed !== true) return false;
    const step = this.stepOf(row, accountId, code);
    const [taken] =
      step === null
        ? await this.shared.change<{ taken: boolean }>('select take_recovery_code($1, $2) as taken', [
            accountId,
            this.recoveryHash(accountId, code),
          ])
        : await this.shared.query<{ taken: boolean }>('select take_second_factor_step($1, $2) as taken', [
            accountId,
            step,
          ]);
    return taken?.taken ?? false;
  }

  /** The time step whose code this is; null when it is none of now. */
  private stepOf({ secret }: FactorRow, accountId: string, code: string): number | null {
    const opened = openSealedText(this.sealKey, secret, accountId);
    if (opened === null) throw new Error('the second factor was sealed with another secret of the installation');
    const totp = new TOTP({ ...settings, secret: Secret.fromBase32(opened) });
    const now = Date.now();
    const delta = totp.validate({ token: code.replace(/\s/g, ''), window, timestamp: now });
    return delta === null ? null : Math.floor(now / 1_000 / settings.period) + delta;
  }

  private get sealKey(): Buffer {
    return this.keys.installationKey('second-factor');
  }

  private async find(accountId: string): Promise<FactorRow | undefined> {
    const [row] = await this.shared.query<FactorRow>('select * from find_second_factor($1)', [accountId]);
    return row;
  }

  /** Keyed: a code of 50 bits could be found from a plain hash. */
  private recoveryHash(accountId: string, code: string): string {
    const plain = code.toLowerCase().replace(/[^a-z2-7]/g, '');
    return createHmac('sha256', this.keys.installationKey('recovery-codes'))
      .update(`${accountId}:${plain}`)
      .digest('base64url');
  }
}

/** Ten letters of base 32 in two groups: 50 bits. */
function newRecoveryCode(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const letters = [...randomBytes(10)].map((byte) => alphabet.charAt(byte & 31)).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}
