import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiServer, publicUrl, type City } from './api-server.js';
import { MailBox, type Mail } from './mail-box.js';

const password = 'Gorges-and-locks-3';

const box = new MailBox();
let server: ApiServer;
let wuhan: City;
let number = 0;
beforeAll(async () => {
  const address = await box.listen();
  server = await ApiServer.start({ HOTLINE_SMTP_URL: address, HOTLINE_MAIL_FROM: '热线指数 <index@city.example>' });
  wuhan = await server.city('420100', 'administrator');
});
afterAll(async () => {
  await server.close();
  await box.close();
});

const newEmail = (): string => `guest-${(number += 1)}@centre.example`;
/** Every address in a mail, whatever it leads to. */
const links = (mail: Mail): string[] => mail.text.match(/https?:\/\/\S+/g) ?? [];
const only = (mail: Mail): string => {
  const found = new Set(links(mail));
  expect(found.size).toBe(1);
  return [...found][0] ?? '';
};

/** Headers with which a stranger would have links lead elsewhere. */
const elsewhere = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' };

async function invite(email: string): Promise<{ link: string | null }> {
  const { data } = await wuhan.client.graphql(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on Invited { link } ... on Failure { code } } }`,
    { input: { email, name: '王', role: 'analyst' } },
    elsewhere,
  );
  return data?.['inviteMember'] as { link: string | null };
}

async function join(email: string): Promise<void> {
  await invite(email);
  const token = only(await box.to(email)).split('#invitation=')[1];
  const accepted = await server.anonymous().signInBy(
    `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) {
      ... on SignedIn { viewer { email } } ... on Failure { code } } }`,
    { input: { token, password } },
  );
  expect(accepted).toEqual({ viewer: { email } });
}

const request = async (email: string): Promise<unknown> => {
  const query = `mutation ($email: String!) { requestPasswordReset(input: { email: $email }) {
    ... on Done { done } ... on Failure { code } } }`;
  return (await server.anonymous().graphql(query, { email }, elsewhere)).data?.['requestPasswordReset'];
};
const reset = (token: string | undefined, wanted: string) =>
  server
    .anonymous()
    .ask<object>(
      `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { ... on Done { done } ... on Failure { code } } }`,
      { input: { token, password: wanted } },
    );

describe('an invitation by mail', () => {
  it('reaches who is invited, and is shown to nobody else', async () => {
    const email = newEmail();
    expect(await invite(email)).toEqual({ link: null });
    const mail = await box.to(email);
    expect(mail).toMatchObject({ from: 'index@city.example', to: [email] });
    expect(mail.subject).toBe(`加入 ${wuhan.tenant.name} 的热线指数 · Join ${wuhan.tenant.name} on Hotline Index`);
    expect(mail.text).toContain('数据专员');
    expect(mail.text).toContain('analyst');
    expect(mail.text).not.toMatch(/\{\w+\}/);
    // The user and the password of the address, decoded.
    expect(box.signedIn).toContain('hotline:p@ss');
  });

  it('leads to the configured address, whatever a request says', async () => {
    const email = newEmail();
    await invite(email);
    const mail = await box.to(email);
    expect(mail.text).not.toContain('evil.example');
    const link = only(mail);
    expect(link).toMatch(/^https:\/\/index\.example\/#invitation=[\w-]{43}$/);
    expect(link.startsWith(publicUrl)).toBe(true);
  });

  it('is one mail to one person, whatever the tenant calls itself', async () => {
    const email = newEmail();
    const named = (name: string) => server.sql(`update tenant set name = '${name}' where city_code = '420100'`);
    await named('武汉\r\nBcc: all@centre.example');
    await invite(email);
    await named(wuhan.tenant.name);
    const mail = await box.to(email);
    expect(mail.to).toEqual([email]);
    expect(mail.subject).toMatch(/^加入 武汉 Bcc: all@centre\.example 的热线指数/);
    expect(box.mails).toEqual([]);
  });

  it('is handed over by the administrator when the mail server does not take it', async () => {
    box.refuses = true;
    try {
      expect((await invite(newEmail())).link).toMatch(/^https:\/\/index\.example\/#invitation=[\w-]{43}$/);
    } finally {
      box.refuses = false;
    }
  });
});

describe('a password link by mail', () => {
  it('sets the password, once, and leads to the configured address', async () => {
    const email = newEmail();
    await join(email);
    expect(await request(email)).toEqual({ done: true });
    const link = only(await box.to(email));
    expect(link).toMatch(/^https:\/\/index\.example\/#password=[\w-]{43}$/);
    const token = link.split('#password=')[1];
    expect(await reset(token, 'Forgotten-again-8')).toEqual({ done: true });
    expect(await reset(token, 'Forgotten-again-9')).toEqual({ code: 'link_invalid' });
    const signedIn = await server.anonymous().signIn(email, 'Forgotten-again-8');
    expect(signedIn.json).toMatchObject({ data: { signIn: { viewer: {} } } });
  });

  it('is asked for with the same answer whether or not there is such an account, and sent only if there is', async () => {
    const [known, unknown] = [newEmail(), newEmail()];
    await join(known);
    expect(await request(unknown)).toEqual({ done: true });
    expect(await request('nobody')).toEqual({ done: true });
    expect(await request(known.toUpperCase())).toEqual({ done: true });
    await box.to(known);
    expect(box.mails).toEqual([]);
  });

  it('is void after an hour', async () => {
    const email = newEmail();
    await join(email);
    await request(email);
    const token = only(await box.to(email)).split('#password=')[1];
    await server.sql("update password_reset set expires_at = expires_at - interval '61 minutes'");
    expect(await reset(token, 'Forgotten-again-8')).toEqual({ code: 'link_invalid' });
  });

  it('is not asked for again and again, of nobody either', async () => {
    const [known, unknown] = [newEmail(), newEmail()];
    await join(known);
    for (const email of [known, unknown]) {
      for (let tries = 0; tries < 3; tries += 1) expect(await request(email)).toEqual({ done: true });
      expect(await request(email)).toEqual({ code: 'sign_in_delayed' });
    }
    expect((await Promise.all([1, 2, 3].map(() => box.to(known)))).length).toBe(3);
    expect(box.mails).toEqual([]);
  });
});
