import { CONFIG, Mailer, SharedDb, TenantDb, type Config, type RequestContext } from '@hotline/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { TenancyError } from '../tenancy-error.js';
import { Attempts } from './attempts.js';
import { normalEmail } from './email.js';
import { passwordResetMail } from './link-mails.js';
import { hashPassword, requireGoodPassword } from './passwords.js';
import { isToken, newToken, tokenHash } from './token.js';

/** A new password by a link that works once. */
@Injectable()
export class PasswordResetsService {
  private readonly log = new Logger(PasswordResetsService.name);

  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
    private readonly attempts: Attempts,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Sends a link, valid for an hour, if there is such an account; the answer is the same if not, and it does not wait for
   * the mail.
   * @throws TenancyError mail_not_configured, sign_in_delayed
   */
  async request(email: string, ip: string): Promise<void> {
    if (!this.mailer.configured) throw new TenancyError('mail_not_configured');
    const address = normalEmail(email) ?? '';
    await this.attempts.begin('mail', address);
    await this.attempts.begin('address', ip);
    const token = newToken();
    const [row] = await this.shared.query<{ opened: boolean }>('select open_password_reset($1, $2) as opened', [
      address,
      tokenHash(token),
    ]);
    if (row?.opened !== true) return;
    this.mailer.send(passwordResetMail(address, this.link(token))).catch((error: unknown) => {
      this.log.error(`a mail with a password link was not sent: ${(error as { code?: string }).code ?? '?'}`);
    });
  }

  /**
   * A link for a member, to be handed over, valid for a day. Who is a member of another tenant as well could be taken over
   * there: they need a mail.
   * @throws TenancyError reset_needs_mail (also for who is no member)
   */
  async linkFor(ctx: RequestContext, memberId: string): Promise<string> {
    if (!isUuid(memberId)) throw new TenancyError('reset_needs_mail');
    const token = newToken();
    const opened = await this.db.run(ctx, async (manager) => {
      const [row] = await manager.query<{ opened: boolean }[]>('select reset_password_of($1, $2) as opened', [
        memberId,
        tokenHash(token),
      ]);
      return row?.opened ?? false;
    });
    if (!opened) throw new TenancyError('reset_needs_mail');
    return this.link(token);
  }

  /** Sets the password; every session of the account ends. @throws TenancyError link_invalid, password_rejected */
  async use(token: string, password: string): Promise<void> {
    requireGoodPassword(password);
    if (!isToken(token)) throw new TenancyError('link_invalid');
    const [row] = await this.shared.change<{ account: string | null }>('select use_password_reset($1, $2) as account', [
      tokenHash(token),
      await hashPassword(password),
    ]);
    if (!row?.account) throw new TenancyError('link_invalid');
  }

  /** In the fragment: browsers send it to no server, and name it in no Referer. */
  private link(token: string): string {
    return `${this.config.publicUrl}/#password=${token}`;
  }
}
