import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A secret of Standard Webhooks: 256 random bits. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/**
 * The headers by which a receiver knows who wrote a message, and that it is not an old one sent again.
 * @param id of the event: the same at every attempt
 * @param secrets one signature each; a receiver looks for one that it can check
 */
export function signedHeaders(
  id: string,
  sentAt: Date,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
  };
}
