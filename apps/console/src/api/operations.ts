import type { Operation } from './api-client.js';

export const roles = ['viewer', 'analyst', 'manager', 'approver', 'administrator'] as const;
/** Each includes the ones before it. */
export type Role = (typeof roles)[number];
export type TenantKind = 'city' | 'province' | 'operator';

/** An organisation one may act for. */
export interface Membership {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly tenantKind: TenantKind;
  readonly demo: boolean;
  readonly role: Role;
}

/** Who is signed in. */
export interface Viewer {
  readonly email: string;
  readonly tenantId: string;
  readonly memberships: readonly Membership[];
  readonly secondFactor: { readonly enabled: boolean; readonly recoveryCodes: number; readonly shown: boolean };
}

export interface SignInOptions {
  readonly address: string;
  readonly provider: boolean;
  readonly mail: boolean;
}

/** What a link invites to. */
export interface Offer {
  readonly tenantName: string;
  readonly tenantKind: TenantKind;
  readonly email: string | null;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: string;
  readonly hasAccount: boolean;
}

export interface Session {
  readonly id: string;
  readonly tenantName: string;
  readonly client: string;
  readonly createdAt: string;
  readonly usedAt: string;
  readonly current: boolean;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly createdAt: string;
}

export interface Invitation {
  readonly id: string;
  readonly email: string | null;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: string;
  readonly acceptedAt: string | null;
  readonly revokedAt: string | null;
}

/** One of the rated cities, which an organisation may be of. */
export interface City {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly province: string;
  readonly provinceEn: string;
  readonly provinceCode: string;
}

/** An organisation as the operator sees it. */
export interface Tenant {
  readonly id: string;
  readonly kind: TenantKind;
  readonly name: string;
  readonly cityCode: string | null;
  readonly provinceCode: string | null;
  readonly demo: boolean;
  readonly createdAt: string;
  readonly hasAdministrator: boolean;
  /** Of a city: the province it belongs to now and those from a later moment on, in order. */
  readonly supervisors: readonly Supervisor[];
}

export interface Supervisor {
  readonly provinceTenantId: string;
  readonly from: string;
  readonly until: string | null;
}

interface NewTenant {
  readonly kind: TenantKind;
  readonly tenantName: string;
  readonly cityCode: string | null;
  readonly provinceCode: string | null;
  readonly email: string;
  readonly name: string;
}

export interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Done {
  readonly done: true;
}
type None = Readonly<Record<string, never>>;

function operation<Variables, Value>(text: string): Operation<Variables, Value> {
  return { text };
}

const failure = '... on Failure { code message messageEn }';
const done = `... on Done { done } ${failure}`;

/** Everything the screens ask the API; held against its schema by a test. */
export const operations = {
  viewer: operation<None, Viewer>(`query { viewer { email tenantId
    memberships { tenantId tenantName tenantKind demo role } secondFactor { enabled recoveryCodes shown } } }`),
  signInOptions: operation<None, SignInOptions>('query { signInOptions { address provider mail } }'),
  signIn: operation<{ input: { email: string; password: string; code?: string } }, unknown>(
    `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { expiresAt } ${failure} } }`,
  ),
  signOut: operation<None, boolean>('mutation { signOut }'),
  invitation: operation<{ token: string }, Offer>(`query ($token: String!) { invitation(token: $token) {
    ... on OfferedMembership { tenantName tenantKind email name role expiresAt hasAccount } ${failure} } }`),
  acceptInvitation: operation<
    { input: { token: string; email?: string; name?: string; password?: string; code?: string } },
    unknown
  >(`mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
    ... on SignedIn { expiresAt } ${failure} } }`),
  requestPasswordReset: operation<{ input: { email: string } }, Done>(
    `mutation ($input: PasswordResetRequestInput!) { requestPasswordReset(input: $input) { ${done} } }`,
  ),
  resetPassword: operation<{ input: { token: string; password: string } }, Done>(
    `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { ${done} } }`,
  ),
  changePassword: operation<{ input: { current: string; wanted: string } }, Done>(
    `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${done} } }`,
  ),
  switchTenant: operation<{ tenantId: string }, unknown>(
    `mutation ($tenantId: ID!) { switchTenant(tenantId: $tenantId) { ... on SignedIn { expiresAt } ${failure} } }`,
  ),
  sessions: operation<None, readonly Session[]>('query { sessions { id tenantName client createdAt usedAt current } }'),
  endSession: operation<{ id: string }, Done>(`mutation ($id: ID!) { endSession(id: $id) { ${done} } }`),
  endOtherSessions: operation<None, Done>(`mutation { endOtherSessions { ${done} } }`),
  beginSecondFactor: operation<None, { readonly secret: string; readonly address: string }>(
    `mutation { beginSecondFactor { ... on SecondFactorBegun { secret address } ${failure} } }`,
  ),
  confirmSecondFactor: operation<{ input: { code: string } }, { readonly recoveryCodes: readonly string[] }>(
    `mutation ($input: CodeInput!) { confirmSecondFactor(input: $input) {
      ... on SecondFactorConfirmed { recoveryCodes } ${failure} } }`,
  ),
  proveSecondFactor: operation<{ input: { code: string } }, unknown>(
    `mutation ($input: CodeInput!) { proveSecondFactor(input: $input) { ... on SignedIn { expiresAt } ${failure} } }`,
  ),
  removeSecondFactor: operation<{ input: { code: string } }, Done>(
    `mutation ($input: CodeInput!) { removeSecondFactor(input: $input) { ${done} } }`,
  ),
  members: operation<{ after: string | null }, Page<Member>>(`query ($after: String) {
    members(first: 100, after: $after) { edges { node { id name email role createdAt } }
      pageInfo { hasNextPage endCursor } } }`),
  changeMemberRole: operation<{ id: string; role: Role }, unknown>(`mutation ($id: ID!, $role: Role!) {
    changeMemberRole(id: $id, role: $role) { ... on Member { id } ${failure} } }`),
  removeMember: operation<{ id: string }, Done>(`mutation ($id: ID!) { removeMember(id: $id) { ${done} } }`),
  createPasswordLink: operation<{ memberId: string }, { readonly link: string }>(`mutation ($memberId: ID!) {
    createPasswordLink(memberId: $memberId) { ... on PasswordLink { link } ${failure} } }`),
  invitations: operation<{ after: string | null }, Page<Invitation>>(`query ($after: String) {
    invitations(first: 100, after: $after) { edges { node { id email name role expiresAt acceptedAt revokedAt } }
      pageInfo { hasNextPage endCursor } } }`),
  inviteMember: operation<{ input: { email: string; name: string; role: Role } }, { readonly link: string | null }>(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on Invited { link } ${failure} } }`,
  ),
  cities: operation<None, readonly City[]>('query { cities { code name nameEn province provinceEn provinceCode } }'),
  tenants: operation<{ after: string | null }, Page<Tenant>>(`query ($after: String) {
    tenants(first: 100, after: $after) { edges { node { id kind name cityCode provinceCode demo createdAt
      hasAdministrator supervisors { provinceTenantId from until } } } pageInfo { hasNextPage endCursor } } }`),
  createTenant: operation<{ input: NewTenant }, { readonly invited: { readonly link: string | null } }>(
    `mutation ($input: CreateTenantInput!) { createTenant(input: $input) {
      ... on CreatedTenant { invited { link } } ${failure} } }`,
  ),
  inviteAdministrator: operation<
    { input: { tenantId: string; email: string; name: string } },
    { readonly link: string | null }
  >(`mutation ($input: InviteAdministratorInput!) { inviteAdministrator(input: $input) {
    ... on Invited { link } ${failure} } }`),
  assignCity: operation<
    { input: { cityTenantId: string; provinceTenantId: string | null; from: string | null } },
    Done
  >(`mutation ($input: AssignCityInput!) { assignCity(input: $input) { ${done} } }`),
  revokeInvitation: operation<{ id: string }, unknown>(
    `mutation ($id: ID!) { revokeInvitation(id: $id) { ... on Invitation { id } ${failure} } }`,
  ),
} as const;
