import { demoCities } from '@hotline/demo';
import type { RequestContext } from '@hotline/platform';
import { v5 as uuidOfName } from 'uuid';

/** Any fixed UUID: the demo has the same tenants in every installation. */
const namespace = '6f0c6f1e-12a3-5c45-9b1e-123450000000';

export function demoTenantId(code: string): string {
  return uuidOfName(`demo/${code}`, namespace);
}

export function demoKey(cityCode: string): string {
  return `demo-${cityCode}`;
}

/** The demo city of an embed key, or null. */
export function demoCityOfKey(key: string): string | null {
  return demoCities.find((city) => demoKey(city.plan.code) === key)?.plan.code ?? null;
}

/** The demo itself acting for one of its cities. */
export function demoContext(cityCode: string): RequestContext {
  return {
    tenantId: demoTenantId(cityCode),
    tenantKind: 'city',
    memberId: null,
    accountId: null,
    roles: ['administrator'],
    apiKey: null,
    requestId: 'demo',
  };
}

/** Who runs the demo. */
export function demoOperatorContext(): RequestContext {
  return { ...demoContext('operator'), tenantKind: 'operator' };
}
