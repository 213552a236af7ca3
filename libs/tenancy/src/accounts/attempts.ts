import { createHmac } from 'node:crypto';
import { SharedDb, TenantKeys } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { TenancyError } from '../tenancy-error.js';

/** Failed attempts after which each further one has to wait longer, by what is counted. */
const limits = {
  /** Passwords of one account. */
  account: 10,
  /** Anything from one network address. */
  address: 100,
  /** Codes of the second factor of one account. */
  code: 5,
  /** Mails to one address with a link to set the password anew. */
  mail: 3,
} as const;

type Counted = keyof typeof limits;

/** Slows guessing down. Counted in the database: for every process, and over restarts. */
@Injectable()
export class Attempts {
  constructor(
    private readonly shared: SharedDb,
    private readonly keys: TenantKeys,
  ) {}

  /** Counts an attempt before it is looked at, so that many at once are counted too. @throws TenancyError sign_in_delayed */
  async begin(counted: Counted, text: string): Promise<void> {
    const [row] = await this.shared.query<{ wait: number }>('select begin_sign_in($1, $2) as wait', [
      this.key(counted, text),
      limits[counted],
    ]);
    if (row && row.wait > 0) throw new TenancyError('sign_in_delayed', { retryAfterSeconds: row.wait });
  }

  /** One that succeeded: what it counted for starts afresh, the network address is as it was before. */
  async forgive(counted: Exclude<Counted, 'address'>, text: string, ip: string): Promise<void> {
    await this.shared.query('select forgive_sign_in($1, $2)', [this.key(counted, text), this.key('address', ip)]);
  }

  /** What is counted is not readable in the database: neither who tried nor from where. */
  private key(counted: Counted, text: string): string {
    return createHmac('sha256', this.keys.installationKey('sign-in')).update(`${counted}:${text}`).digest('base64url');
  }
}
