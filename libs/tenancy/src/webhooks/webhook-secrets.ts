import { TenantKeys } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { openSealedText, sealText } from '../accounts/sealed-text.js';
import { WebhookEndpointEntity } from './webhook-endpoint.entity.js';

/** Secrets of receivers, sealed with a key of the tenant that is kept nowhere. */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly keys: TenantKeys) {}

  seal(tenantId: string, endpointId: string, secret: string): string {
    return sealText(this.key(tenantId), secret, endpointId);
  }

  /** With its secrets, which are left out elsewhere. */
  async endpoint(manager: EntityManager, tenantId: string, id: string): Promise<WebhookEndpointEntity | null> {
    return manager
      .createQueryBuilder(WebhookEndpointEntity, 'endpoint')
      .addSelect(['endpoint.secret', 'endpoint.previousSecret'])
      .where('endpoint.tenant_id = :tenantId and endpoint.id = :id', { tenantId, id })
      .getOne();
  }

  /** The secrets that sign now, the present one first. */
  signing(endpoint: WebhookEndpointEntity): readonly string[] {
    const { tenantId, id, secret, previousSecret, previousUntil } = endpoint;
    const sealed = [secret];
    if (previousSecret !== null && previousUntil !== null && previousUntil.getTime() > Date.now()) {
      sealed.push(previousSecret);
    }
    return sealed.map((each) => {
      const opened = openSealedText(this.key(tenantId), each, id);
      if (opened === null) throw new Error('the webhook was sealed with another secret of the installation');
      return opened;
    });
  }

  private key(tenantId: string): Buffer {
    return this.keys.tenantKey(tenantId, 'webhooks');
  }
}
