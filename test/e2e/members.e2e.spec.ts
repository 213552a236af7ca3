import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, GraphQLAnswer } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';

const password = 'Gorges-and-locks-3';
let server: ApiServer;
let wuhan: City;
let hangzhou: City;
let number = 0;
beforeAll(async () => {
  server = await ApiServer.start();
  wuhan = await server.city('420100', 'administrator');
  hangzhou = await server.city('330100', 'administrator');
});
afterAll(() => server.close());

interface Invited {
  readonly invitation: { readonly id: string };
  readonly link: string;
}

const newEmail = (): string => `guest-${(number += 1)}@centre.example`;
const codeOf = (answer: GraphQLAnswer): unknown => answer.errors[0]?.extensions?.['code'];

async function invite(by: ApiClient, email: string, role = 'analyst'): Promise<Invited & { token: string }> {
  const invited = await by.ask<Invited>(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) {
      ... on Invited { link invitation { id email role acceptedAt } } ... on Failure { code } } }`,
    { input: { email, name: '王', role } },
  );
  return { ...invited, token: invited.link.slice(`${publicUrl}/#invitation=`.length) };
}

const acceptMutation = `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
  ... on SignedIn { viewer { tenantId roles email memberships { tenantId role } } } ... on Failure { code } } }`;

interface Accepted {
  readonly code?: string;
  readonly viewer?: {
    readonly tenantId: string;
    readonly roles: readonly string[];
    readonly email: string;
    readonly memberships: readonly { readonly tenantId: string; readonly role: string }[];
  };
}

async function accept(token: string, input: object = {}, client = server.anonymous()): Promise<Accepted> {
  const answer = await client.signInBy(acceptMutation, { input: { token, password, ...input } });
  return answer as Accepted;
}

const offered = (token: string) =>
  server.anonymous().ask<object>(
    `query ($token: String!) { invitation(token: $token) {
        ... on OfferedMembership { tenantName email role } ... on Failure { code } } }`,
    { token },
  );

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}
async function membersOf(client: ApiClient): Promise<Listed[]> {
  const { edges } = await client.ask<{ edges: { node: Listed }[] }>(
    '{ members(first: 100) { edges { node { id name role } } } }',
  );
  return edges.map(({ node }) => node);
}

const changeRole = (by: ApiClient, id: string, role: string) =>
  by.ask<{ code?: string; role?: string }>(
    `mutation ($id: ID!, $role: Role!) { changeMemberRole(id: $id, role: $role) {
      ... on Member { id role } ... on Failure { code } } }`,
    { id, role },
  );
const remove = (by: ApiClient, id: string) =>
  by.ask<{ code?: string; done?: boolean }>(
    `mutation ($id: ID!) { removeMember(id: $id) { ... on Done { done } ... on Failure { code } } }`,
    { id },
  );

describe('an invitation', () => {
  it('makes its holder a member of that tenant in that role, and signs them in', async () => {
    const email = newEmail();
    const { link, token } = await invite(wuhan.client, email, 'manager');
    // After the #: a browser sends it to nobody.
    expect(link).toBe(`${publicUrl}/#invitation=${token}`);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(await offered(token)).toEqual({ tenantName: wuhan.tenant.name, email, role: 'manager' });
    const { viewer } = await accept(token);
    expect(viewer).toMatchObject({ tenantId: wuhan.tenant.tenantId, roles: ['manager'], email });
    const again = server.anonymous();
    expect((await again.signIn(email, password)).json).toMatchObject({ data: { signIn: { viewer: {} } } });
  });

  it('is nothing when made up, malformed or empty', async () => {
    for (const token of ['A'.repeat(43), 'short', '', "' or true --"]) {
      expect(await offered(token)).toEqual({ code: 'link_invalid' });
      expect(await accept(token)).toEqual({ code: 'link_invalid' });
    }
  });

  it('works once', async () => {
    const { token } = await invite(wuhan.client, newEmail());
    expect((await accept(token)).viewer).toBeDefined();
    expect(await offered(token)).toEqual({ code: 'link_invalid' });
    expect(await accept(token)).toEqual({ code: 'link_invalid' });
  });

  it('works once for ten who try at the same time', async () => {
    const before = (await membersOf(wuhan.client)).length;
    const { token } = await invite(wuhan.client, newEmail());
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token)));
    expect(answers.filter(({ viewer }) => viewer)).toHaveLength(1);
    expect((await membersOf(wuhan.client)).length).toBe(before + 1);
  });

  it('is void after 72 hours', async () => {
    const { token, invitation } = await invite(wuhan.client, newEmail());
    const past = `update invitation set expires_at = expires_at - interval '%' where id = '${invitation.id}'`;
    await server.sql(past.replace('%', '71 hours 58 minutes'));
    expect(await offered(token)).toMatchObject({ role: 'analyst' });
    await server.sql(past.replace('%', '3 minutes'));
    expect(await offered(token)).toEqual({ code: 'link_invalid' });
    expect(await accept(token)).toEqual({ code: 'link_invalid' });
  });

  it('is void when revoked, and when the same address is invited again', async () => {
    const email = newEmail();
    const [first, second] = [await invite(wuhan.client, email), await invite(wuhan.client, email)];
    expect(await accept(first.token)).toEqual({ code: 'link_invalid' });
    const revoke = (by: ApiClient) =>
      by.ask<{ code?: string }>(
        `mutation ($id: ID!) { revokeInvitation(id: $id) { ... on Invitation { revokedAt } ... on Failure { code } } }`,
        { id: second.invitation.id },
      );
    expect(await revoke(hangzhou.client)).toEqual({ code: 'invitation_not_found' });
    expect(await offered(second.token)).toMatchObject({ email });
    await revoke(wuhan.client);
    expect(await accept(second.token)).toEqual({ code: 'link_invalid' });
  });

  it('is void when who made it may no longer invite', async () => {
    const deputy = await invite(wuhan.client, newEmail(), 'administrator');
    const client = server.anonymous();
    const { viewer } = await accept(deputy.token, {}, client);
    const demoted = await invite(client, newEmail());
    const member = (await membersOf(wuhan.client)).findLast(({ role }) => role === 'administrator');
    expect(viewer?.roles).toEqual(['administrator']);
    expect(await changeRole(wuhan.client, member?.id ?? '', 'approver')).toMatchObject({ role: 'approver' });
    expect(await offered(demoted.token)).toEqual({ code: 'link_invalid' });
    expect(await accept(demoted.token)).toEqual({ code: 'link_invalid' });
  });

  it('is made by administrators only, and only for their own tenant', async () => {
    const mutation = `mutation { inviteMember(input: { email: "x@centre.example", name: "x", role: viewer }) { __typename } }`;
    expect(codeOf(await server.anonymous().graphql(mutation))).toBe('unauthenticated');
    for (const role of ['viewer', 'analyst', 'manager', 'approver'] as const) {
      const client = await server.member(wuhan.tenant, role);
      expect([role, codeOf(await client.graphql(mutation))]).toEqual([role, 'forbidden']);
    }
    const key = await server.apiKey(wuhan.tenant, ['imports:write', 'assessments:write']);
    expect(codeOf(await key.graphql(mutation))).toBe('forbidden');
    const before = (await membersOf(hangzhou.client)).length;
    await accept((await invite(wuhan.client, newEmail())).token);
    expect((await membersOf(hangzhou.client)).length).toBe(before);
  });

  it('of somebody with an account takes their password, whoever holds the link', async () => {
    const email = newEmail();
    await accept((await invite(wuhan.client, email)).token);
    const { token } = await invite(hangzhou.client, email, 'viewer');
    expect(await accept(token, { password: 'Somebody-else-99' })).toEqual({ code: 'sign_in_failed' });
    // Not theirs, and not that of the other city's administrator either.
    expect(await accept(token, { password: undefined }, hangzhou.client)).toEqual({ code: 'sign_in_failed' });
    const { viewer } = await accept(token);
    expect(viewer).toMatchObject({ tenantId: hangzhou.tenant.tenantId, roles: ['viewer'] });
    expect(viewer?.memberships).toEqual([
      { tenantId: wuhan.tenant.tenantId, role: 'analyst' },
      { tenantId: hangzhou.tenant.tenantId, role: 'viewer' },
    ]);
  });

  it('is taken without a password by who is signed in already', async () => {
    const email = newEmail();
    const client = server.anonymous();
    await accept((await invite(wuhan.client, email)).token, {}, client);
    const { token } = await invite(hangzhou.client, email);
    expect((await accept(token, { password: undefined }, client)).viewer?.tenantId).toBe(hangzhou.tenant.tenantId);
  });

  it('leaves its token in no row and no list', async () => {
    const { token } = await invite(wuhan.client, newEmail());
    const rows = JSON.stringify(await server.rows('select i::text from invitation i'));
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(Buffer.from(token).toString('hex'));
    const list = await wuhan.client.graphql('{ invitations(first: 100) { edges { node { id email name } } } }');
    expect(JSON.stringify(list)).not.toContain(token);
    expect(JSON.stringify(list)).toContain('guest-1@');
  });

  it('refuses weak passwords and what is no address', async () => {
    const { token } = await invite(wuhan.client, newEmail());
    expect(await accept(token, { password: 'short' })).toEqual({ code: 'password_rejected' });
    expect((await accept(token)).viewer).toBeDefined();
    const answer = await wuhan.client.ask<object>(
      `mutation { inviteMember(input: { email: "nobody", name: "x", role: viewer }) { ... on Failure { code } } }`,
    );
    expect(answer).toEqual({ code: 'email_invalid' });
  });
});

describe('a member', () => {
  const join = async (city: City, role: string) => {
    const client = server.anonymous();
    const email = newEmail();
    await accept((await invite(city.client, email, role)).token, {}, client);
    const member = (await membersOf(city.client)).at(-1);
    return { client, email, id: member?.id ?? '' };
  };

  it('whose role changes goes on in the new one, after signing in again', async () => {
    const { client, email, id } = await join(wuhan, 'manager');
    expect((await client.graphql('{ viewer { roles } }')).errors).toEqual([]);
    await changeRole(wuhan.client, id, 'viewer');
    expect(codeOf(await client.graphql('{ viewer { roles } }'))).toBe('unauthenticated');
    await client.signIn(email, password);
    expect((await client.graphql('{ viewer { roles } }')).data).toEqual({ viewer: { roles: ['viewer'] } });
  });

  it('who is removed is out with the next request', async () => {
    const { client, email, id } = await join(wuhan, 'administrator');
    await client.ask(
      `mutation { createApiKey(input: { name: "k", scopes: ["imports:read"] }) { ... on CreatedApiKey { secret } } }`,
    );
    expect(await remove(hangzhou.client, id)).toEqual({ code: 'member_not_found' });
    expect(await remove(wuhan.client, id)).toEqual({ done: true });
    expect(codeOf(await client.graphql('{ viewer { roles } }'))).toBe('unauthenticated');
    const answer = await server.anonymous().signIn(email, password);
    expect(answer.json).toMatchObject({ data: { signIn: { code: 'sign_in_failed' } } });
  });

  it('who is the last administrator stays one, also when two remove each other at once', async () => {
    const city = await server.city('420500', 'administrator');
    const [first] = await membersOf(city.client);
    expect(await remove(city.client, first?.id ?? '')).toEqual({ code: 'last_administrator' });
    expect(await changeRole(city.client, first?.id ?? '', 'viewer')).toEqual({ code: 'last_administrator' });
    const other = await join(city, 'administrator');
    const answers = await Promise.all([remove(city.client, other.id), remove(other.client, first?.id ?? '')]);
    expect(answers.map(({ code, done }) => code ?? done).sort()).not.toEqual([true, true]);
    const left = await server.rows<{ role: string }>(
      `select role from member where tenant_id = '${city.tenant.tenantId}'`,
    );
    expect(left).toEqual([{ role: 'administrator' }]);
  });

  it('sees names, and addresses only as an administrator', async () => {
    const { client } = await join(wuhan, 'approver');
    const query = '{ members(first: 100) { edges { node { name email } } } }';
    const seen = await client.graphql(query);
    expect(codeOf(seen)).toBe('forbidden');
    expect(JSON.stringify(seen)).not.toContain('guest-');
    const emails = await wuhan.client.graphql(query);
    expect(JSON.stringify(emails.data)).toContain('guest-1@centre.example');
  });
});

describe('a person of two tenants', () => {
  it('acts for one at a time, and switches to the other under a new session', async () => {
    const email = newEmail();
    const client = server.anonymous();
    await accept((await invite(wuhan.client, email, 'manager')).token, {}, client);
    await accept((await invite(hangzhou.client, email, 'viewer')).token, {}, client);
    const viewer = '{ viewer { tenantId roles } }';
    expect((await client.graphql(viewer)).data).toEqual({
      viewer: { tenantId: hangzhou.tenant.tenantId, roles: ['viewer'] },
    });
    const before = client.sent['cookie'] ?? '';
    const switchTo = (tenantId: string) =>
      client.signInBy(
        `mutation ($id: ID!) { switchTenant(tenantId: $id) {
          ... on SignedIn { viewer { tenantId } expiresAt } ... on Failure { code } } }`,
        { id: tenantId },
      );
    expect(await switchTo(wuhan.tenant.tenantId)).toMatchObject({ viewer: { tenantId: wuhan.tenant.tenantId } });
    expect(client.sent['cookie']).not.toBe(before);
    expect((await client.graphql(viewer)).data).toEqual({
      viewer: { tenantId: wuhan.tenant.tenantId, roles: ['viewer', 'analyst', 'manager'] },
    });
    expect(codeOf(await server.anonymous().graphql(viewer, {}, { cookie: before }))).toBe('unauthenticated');
    const stranger = await server.city('420600', 'viewer');
    expect(await switchTo(stranger.tenant.tenantId)).toEqual({ code: 'not_a_member' });
  });

  it('ends any of their sessions, wherever it acts; nobody else’s', async () => {
    const email = newEmail();
    const client = server.anonymous();
    await accept((await invite(wuhan.client, email)).token, {}, client);
    await accept((await invite(hangzhou.client, email)).token);
    const second = server.anonymous();
    await second.signIn(email, password);
    const list = () => client.ask<{ id: string; current: boolean }[]>('{ sessions { id current tenantName } }');
    const sessions = await list();
    expect(sessions).toHaveLength(3);
    expect(sessions.filter(({ current }) => current)).toHaveLength(1);
    const end = (by: ApiClient, id: string) =>
      by.ask<object>(`mutation ($id: ID!) { endSession(id: $id) { ... on Done { done } ... on Failure { code } } }`, {
        id,
      });
    expect(await end(wuhan.client, sessions[0]?.id ?? '')).toEqual({ code: 'session_not_found' });
    expect(await end(client, sessions[0]?.id ?? '')).toEqual({ done: true });
    expect(codeOf(await second.graphql('{ viewer { roles } }'))).toBe('unauthenticated');
    await client.ask('mutation { endOtherSessions { ... on Done { done } } }');
    expect(await list()).toMatchObject([{ current: true }]);
  });
});

describe('a password', () => {
  const change = (client: ApiClient, current: string, wanted: string) =>
    client.ask<object>(
      `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ... on Done { done } ... on Failure { code } } }`,
      { input: { current, wanted } },
    );

  it('that is changed ends every session of the person, in every tenant', async () => {
    const email = newEmail();
    const [one, other] = [server.anonymous(), server.anonymous()];
    await accept((await invite(wuhan.client, email)).token, {}, one);
    await accept((await invite(hangzhou.client, email)).token, {}, other);
    expect(await change(one, 'Not-the-password-1', 'Another-one-456')).toEqual({ code: 'sign_in_failed' });
    expect(await change(one, password, 'qwerty123')).toEqual({ code: 'password_rejected' });
    expect(await change(one, password, 'Another-one-456')).toEqual({ done: true });
    for (const client of [one, other]) {
      expect(codeOf(await client.graphql('{ viewer { roles } }'))).toBe('unauthenticated');
    }
    expect((await one.signIn(email, password)).json).toMatchObject({ data: { signIn: { code: 'sign_in_failed' } } });
    expect((await one.signIn(email, 'Another-one-456')).json).toMatchObject({ data: { signIn: { viewer: {} } } });
  });

  it('is set anew by a link of the administrator, once, for a member of this tenant alone', async () => {
    const email = newEmail();
    const client = server.anonymous();
    await accept((await invite(wuhan.client, email)).token, {}, client);
    const id = (await membersOf(wuhan.client)).at(-1)?.id ?? '';
    const link = (by: ApiClient) =>
      by.ask<{ link?: string; code?: string }>(
        `mutation ($id: ID!) { createPasswordLink(memberId: $id) { ... on PasswordLink { link } ... on Failure { code } } }`,
        { id },
      );
    const reset = (token: string, wanted = 'Forgotten-again-8') =>
      server
        .anonymous()
        .ask<object>(
          `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { ... on Done { done } ... on Failure { code } } }`,
          { input: { token, password: wanted } },
        );
    expect(await link(hangzhou.client)).toEqual({ code: 'reset_needs_mail' });
    const token = (await link(wuhan.client)).link?.split('#password=')[1] ?? '';
    const other = (await link(wuhan.client)).link?.split('#password=')[1] ?? '';
    expect(JSON.stringify(await server.rows('select r::text from password_reset r'))).not.toContain(token);
    expect(await reset(token, 'short')).toEqual({ code: 'password_rejected' });
    expect(await reset(token)).toEqual({ done: true });
    // It ends the sessions, is used up, and so is every other link of the person.
    expect(codeOf(await client.graphql('{ viewer { roles } }'))).toBe('unauthenticated');
    for (const used of [token, other, 'A'.repeat(43)]) expect(await reset(used)).toEqual({ code: 'link_invalid' });
    expect((await client.signIn(email, 'Forgotten-again-8')).json).toMatchObject({ data: { signIn: { viewer: {} } } });
    // Now a member elsewhere too: an administrator here could get in there.
    const invited = await invite(hangzhou.client, email);
    await accept(invited.token, { password: 'Forgotten-again-8' });
    expect(await link(wuhan.client)).toEqual({ code: 'reset_needs_mail' });
  });
});
