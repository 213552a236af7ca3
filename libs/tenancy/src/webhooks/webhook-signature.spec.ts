import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signedHeaders } from './webhook-signature.js';

const id = '01930000-0000-7000-8000-000000000001';
const sentAt = new Date('2026-11-27T08:00:00.900Z');
const body = '{"type":"import.committed","data":{"名":"值"}}';

describe('a signature', () => {
  it('is that of the specification: HMAC-SHA256 of id, time and body with the decoded secret', () => {
    const secret = newWebhookSecret();
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(key).toHaveLength(32);
    // 2026-11-27T08:00:00Z in whole seconds.
    const expected = createHmac('sha256', key).update(`${id}.1795766400.${body}`).digest('base64');
    expect(signedHeaders(id, sentAt, body, [secret])).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1795766400',
      'webhook-signature': `v1,${expected}`,
    });
  });

  it('is there for each secret while one replaces another', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const headers = signedHeaders(id, new Date(), body, secrets);
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature');
  });

  it('does not fit another body, id or time', () => {
    const secret = newWebhookSecret();
    const headers = signedHeaders(id, new Date(), body, [secret]);
    const verify = (changed: object, text = body) => new Webhook(secret).verify(text, { ...headers, ...changed });
    expect(verify({})).toBeDefined();
    expect(() => verify({}, body.replace('值', '假'))).toThrow();
    expect(() => verify({ 'webhook-id': `${id}0` })).toThrow();
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => verify({ 'webhook-timestamp': later })).toThrow();
  });
});
