import type { OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { isLoopback, type MailConfig } from '../config.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends plain mails through the SMTP server of the installation, if there is one. */
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter | null;

  constructor(private readonly config: MailConfig | null) {
    this.transport = config === null ? null : openTransport(config.url);
  }

  /** Without it links are shown instead of sent. */
  get configured(): boolean {
    return this.transport !== null;
  }

  /** Resolves once the server has taken it. @throws what the server or the way to it said */
  async send(mail: Mail): Promise<void> {
    if (this.transport === null || this.config === null) throw new Error('there is no mail server');
    await this.transport.sendMail({ from: this.config.from, ...mail, disableFileAccess: true, disableUrlAccess: true });
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}

function openTransport(address: string): Transporter {
  const url = new URL(address);
  const secure = url.protocol === 'smtps:';
  return createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // Links let people in: they do not travel in the clear, but on this machine.
    requireTLS: !secure && !isLoopback(url.hostname),
    ignoreTLS: !secure && isLoopback(url.hostname),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
}
