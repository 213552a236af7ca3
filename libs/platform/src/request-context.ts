export const tenantKinds = ['city', 'province', 'operator'] as const;
export type TenantKind = (typeof tenantKinds)[number];

/** What a member may do, from least to most; each includes the ones before it. */
export const roles = ['viewer', 'analyst', 'manager', 'approver', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Who acts, for which tenant. Built once per request (or from a job's own row) and passed first to every service. */
export interface RequestContext {
  readonly tenantId: string;
  readonly tenantKind: TenantKind;
  /** Null where no person acts: an API key, a job. */
  readonly memberId: string | null;
  readonly accountId: string | null;
  readonly roles: readonly Role[];
  /** Set when an API key acts; then only what its scopes name is allowed. */
  readonly apiKey: { readonly id: string; readonly scopes: readonly string[] } | null;
  readonly requestId: string;
}

/** The part of a context that decides whose rows are seen. */
export type TenantScope = Pick<RequestContext, 'tenantId'>;
