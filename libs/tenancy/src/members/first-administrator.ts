import { Injectable } from '@nestjs/common';
import { TenantsService } from '../tenants/tenants.service.js';
import { InvitationsService } from './invitations.service.js';

/** The same in every installation, so that processes that start together make one. */
const operatorId = '0f3b2c52-5d0e-4a63-9f0c-123450000001';

/** Nobody can sign in to a new installation: who prepares its database prints a link for its first administrator, until there is one. */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly tenants: TenantsService,
    private readonly invitations: InvitationsService,
  ) {}

  async announce(say: (line: string) => void): Promise<void> {
    if (await this.tenants.hasAccounts()) return;
    const operator = await this.tenants.createTenant({
      tenantId: operatorId,
      kind: 'operator',
      name: '运营 Operator',
      isDemo: false,
    });
    const link = await this.invitations.firstAdministratorLink(operator);
    say(
      `首位管理员的链接，72 小时内可用一次 Link for the first administrator, good for once within 72 hours:\n  ${link}`,
    );
  }
}
