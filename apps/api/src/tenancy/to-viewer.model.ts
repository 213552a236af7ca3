import type { SignedIn, TenantsService } from '@hotline/tenancy';
import type { SessionCookie } from '../request/session-cookie.js';
import type { SignedIn as SignedInModel } from './session.model.js';

/** A session that was just opened: its token goes into the cookie, and what it is for into the answer. */
export async function toSignedIn(
  { token, expiresAt, accountId, secondFactor, current }: SignedIn,
  cookie: SessionCookie,
  tenants: TenantsService,
): Promise<SignedInModel> {
  cookie.set(token, expiresAt);
  const tenant = await tenants.find(current);
  return {
    expiresAt,
    viewer: {
      account: { id: accountId, secondFactor },
      tenantId: current.tenantId,
      tenantName: current.tenantName,
      tenantKind: current.tenantKind,
      cityCode: tenant?.cityCode ?? null,
      demo: current.isDemo,
      roles: [current.role],
    },
  };
}
