import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantsService } from '@hotline/tenancy';
import type { ApiClient, HttpAnswer } from './api-client.js';
import { ApiServer, publicUrl, type City } from './api-server.js';
import { SignInProvider, type ProviderPerson } from './sign-in-provider.js';

const callback = `${publicUrl}/auth/callback`;

const provider = new SignInProvider();
let server: ApiServer;
let wuhan: City;
let number = 0;
beforeAll(async () => {
  await provider.start(callback);
  server = await ApiServer.start(provider.settings);
  wuhan = await server.city('420100', 'administrator');
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

function newPerson(domain = 'wuhan.example'): ProviderPerson & { readonly email: string } {
  number += 1;
  return { sub: `person-${number}`, email: `person-${number}@${domain}`, email_verified: true };
}

const invite = (email: string, role = 'analyst') =>
  wuhan.client.ask<{ link: string }>(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on Invited { link } ... on Failure { code } } }`,
    { input: { email, name: '王', role } },
  );

interface Journey {
  /** At the provider's. */
  readonly address: string;
  readonly cookie: string;
}

async function start(): Promise<Journey> {
  const answer = await server.anonymous().send('GET', '/auth/start');
  expect(answer.status).toBe(302);
  const [line = ''] = answer.headers.getSetCookie();
  expect(line).toMatch(/^__Host-hotline-sign-in=\S+; .*HttpOnly; Secure; SameSite=Lax/);
  return { address: answer.headers.get('location') ?? '', cookie: line.slice(0, line.indexOf(';')) };
}

const comeBack = (at: URL, cookie: string): Promise<HttpAnswer> =>
  server.anonymous().send('GET', at.pathname + at.search, { headers: cookie === '' ? {} : { cookie } });

async function signIn(person: ProviderPerson): Promise<HttpAnswer> {
  const { address, cookie } = await start();
  return comeBack(await provider.signIn(address, person), cookie);
}

/** The client of who came back. */
function signedIn(answer: HttpAnswer): ApiClient {
  expect([answer.status, answer.headers.get('location')]).toEqual([302, `${publicUrl}/#account`]);
  const client = server.anonymous();
  client.keepSession(answer);
  return client;
}

/** The same answer to everybody who is not let in; it names nobody, and opens no session. */
function refused(answer: HttpAnswer): void {
  expect([answer.status, answer.json]).toMatchObject([403, { error: { code: 'sign_in_failed' } }]);
  expect(answer.headers.getSetCookie().join()).not.toContain('hotline-session=');
  expect(answer.text).not.toContain('person-');
}

const viewer = '{ viewer { tenantId email roles } }';

describe('signing in at the provider’s', () => {
  it('asks it with a code challenge, a state and a nonce, to come back to the configured address', async () => {
    const { address, cookie } = await start();
    const asked = Object.fromEntries(new URL(address).searchParams);
    expect(address.startsWith(`${provider.issuer}/`)).toBe(true);
    expect(asked).toMatchObject({
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid email',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce']) {
      expect(asked[name]).toMatch(/^[\w-]{43}$/);
      expect(cookie).not.toContain(asked[name]);
    }
    expect(new URL((await start()).address).searchParams.get('state')).not.toBe(asked['state']);
  });

  it('is offered to whoever asks how to sign in', async () => {
    expect(await server.anonymous().ask('{ signInOptions { address provider mail } }')).toEqual({
      address: publicUrl,
      provider: true,
      mail: false,
    });
  });

  it('makes who was invited a member, without a password', async () => {
    const person = newPerson();
    const { link } = await invite(person.email, 'manager');
    const client = signedIn(await signIn(person));
    expect((await client.graphql(viewer)).data).toEqual({
      viewer: { tenantId: wuhan.tenant.tenantId, email: person.email, roles: ['viewer', 'analyst', 'manager'] },
    });
    const query = `query ($token: String!) { invitation(token: $token) { ... on Failure { code } } }`;
    expect(await client.ask(query, { token: link.split('#invitation=')[1] })).toEqual({ code: 'link_invalid' });
    // They have no password that could be guessed.
    const tried = await server.anonymous().signIn(person.email, '');
    expect(tried.json).toMatchObject({ data: { signIn: { code: 'sign_in_failed' } } });
    // Again, now that they are known, also under another address.
    const again = signedIn(await signIn({ ...person, email: 'renamed@wuhan.example' }));
    expect((await again.graphql(viewer)).data).toMatchObject({ viewer: { email: person.email } });
  });

  it('lets in who has an account of that address already', async () => {
    const member = await server.member(wuhan.tenant, 'viewer');
    const { email } = await member.ask<{ email: string }>(viewer);
    const client = signedIn(await signIn({ ...newPerson(), email: email.toUpperCase() }));
    expect((await client.graphql(viewer)).data).toMatchObject({ viewer: { email, roles: ['viewer'] } });
  });

  it('trusts no password that somebody set for that address before', async () => {
    const { email, ...person } = newPerson();
    // By whoever was handed the link of an invitation, in a centre of their own.
    const before = server.anonymous();
    await server.app
      .get(TenantsService)
      .addMember(wuhan.tenant, { email, name: '冒名', role: 'viewer', password: 'set-by-a-stranger-9' });
    await before.signIn(email, 'set-by-a-stranger-9');
    expect((await before.graphql(viewer)).data).toMatchObject({ viewer: { email } });

    const themselves = signedIn(await signIn({ ...person, email }));
    expect((await before.graphql(viewer)).errors[0]?.extensions?.['code']).toBe('unauthenticated');
    const tried = await server.anonymous().signIn(email, 'set-by-a-stranger-9');
    expect(tried.json).toMatchObject({ data: { signIn: { code: 'sign_in_failed' } } });
    // Once: what they do afterwards is left alone.
    signedIn(await signIn({ ...person, email }));
    expect((await themselves.graphql(viewer)).data).toMatchObject({ viewer: { email } });
  });

  it('counts as showing a second factor when the provider says that one was shown', async () => {
    const person = newPerson();
    await invite(person.email);
    for (const [methods, shown] of [
      [['pwd'], false],
      [['pwd', 'otp', 'mfa'], true],
    ] as const) {
      const client = signedIn(await signIn({ ...person, methods }));
      const { data } = await client.graphql('{ viewer { secondFactor { shown } } }');
      expect(data).toEqual({ viewer: { secondFactor: { shown } } });
    }
  });

  it('lets in nobody else, and tells each of them the same', async () => {
    const invited = async (person: ProviderPerson & { readonly email: string }) => {
      await invite(person.email);
      return person;
    };
    const accounts = await server.rows('select id from account');
    refused(await signIn(newPerson()));
    refused(await signIn(await invited(newPerson('elsewhere.example'))));
    refused(await signIn(await invited(newPerson('sub.wuhan.example'))));
    refused(await signIn({ ...(await invited(newPerson())), email_verified: false }));
    const { sub, email } = await invited(newPerson());
    refused(await signIn({ sub, email }));
    refused(await signIn({ sub, email_verified: true }));
    expect(await server.rows('select id from account')).toEqual(accounts);
  });

  it('lets in who was removed or disabled no longer', async () => {
    const person = newPerson();
    await invite(person.email);
    signedIn(await signIn(person));
    await server.sql(`update account set disabled_at = now() where email = '${person.email}'`);
    refused(await signIn(person));
    await server.sql(`update account set disabled_at = null where email = '${person.email}'`);
    await server.sql(`delete from session using account a where a.id = account_id and a.email = '${person.email}'`);
    await server.sql(`delete from member using account a where a.id = account_id and a.email = '${person.email}'`);
    refused(await signIn(person));
  });

  it('lets in again who was removed and invited anew', async () => {
    const person = newPerson();
    await invite(person.email, 'manager');
    signedIn(await signIn(person));
    await server.sql(`delete from session using account a where a.id = account_id and a.email = '${person.email}'`);
    await server.sql(`delete from member using account a where a.id = account_id and a.email = '${person.email}'`);
    await invite(person.email, 'viewer');
    // The invitation is to an address; under another it is somebody else's.
    refused(await signIn({ ...person, email: 'moved@wuhan.example' }));
    const client = signedIn(await signIn(person));
    expect((await client.graphql(viewer)).data).toMatchObject({ viewer: { email: person.email, roles: ['viewer'] } });
  });
});

describe('coming back from the provider', () => {
  let person: ProviderPerson & { readonly email: string };
  beforeAll(async () => {
    person = newPerson();
    await invite(person.email);
    signedIn(await signIn(person));
  });

  it('works for the browser that went there only, and once', async () => {
    const { address, cookie } = await start();
    const other = await start();
    const back = await provider.signIn(address, person);
    refused(await comeBack(back, ''));
    refused(await comeBack(back, `${cookie.slice(0, -4)}AAAA`));
    refused(await comeBack(back, other.cookie));
    signedIn(await comeBack(back, cookie));
    refused(await comeBack(back, cookie));
  });

  it('with another state, code or issuer is refused', async () => {
    for (const [name, value] of [
      ['state', 'A'.repeat(43)],
      ['code', 'made-up'],
      ['iss', 'https://evil.example'],
    ] as const) {
      const { address, cookie } = await start();
      const back = await provider.signIn(address, person);
      back.searchParams.set(name, value);
      refused(await comeBack(back, cookie));
    }
  });

  it('with the answer to another nonce is refused', async () => {
    const { address, cookie } = await start();
    const asked = new URL(address);
    asked.searchParams.set('nonce', 'A'.repeat(43));
    refused(await comeBack(await provider.signIn(asked.href, person), cookie));
  });

  it('with an error is refused, and the error is not repeated', async () => {
    const { address, cookie } = await start();
    const state = new URL(address).searchParams.get('state') ?? '';
    const back = new URL(callback);
    back.search = new URLSearchParams({
      error: 'access_denied',
      error_description: '<b>person-x</b>',
      state,
    }).toString();
    refused(await comeBack(back, cookie));
  });

  it('leads a person who is refused to the page for signing in, which says so', async () => {
    const { address, cookie } = await start();
    const back = await provider.signIn(address, newPerson());
    const answer = await server.anonymous().send('GET', back.pathname + back.search, {
      headers: { cookie, accept: 'text/html,application/xhtml+xml;q=0.9' },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${publicUrl}/#sign-in=sign_in_failed`]);
    expect(answer.headers.getSetCookie().join()).not.toContain('hotline-session=');
  });

  it('with what the provider compressed unasked is refused', async () => {
    const { address, cookie } = await start();
    const back = await provider.signIn(address, person);
    provider.compresses = true;
    try {
      refused(await comeBack(back, cookie));
    } finally {
      provider.compresses = false;
    }
    signedIn(await signIn(person));
  });
});
