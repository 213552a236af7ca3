import { hkdfSync } from 'node:crypto';

/** Keys of each tenant, all derived from the installation's secret: they are kept nowhere, least of all in the database. */
export class TenantKeys {
  constructor(private readonly secret: string) {}

  /** 32 bytes, the same every time for a tenant and a purpose, such as `personal-data`. */
  tenantKey(tenantId: string, purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, tenantId.toLowerCase(), `hotline:${purpose}`, 32));
  }

  /** 32 bytes of the installation as a whole, for what happens before a tenant is known. */
  installationKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, '', `hotline:${purpose}`, 32));
  }
}
