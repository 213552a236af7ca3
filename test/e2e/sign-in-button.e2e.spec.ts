import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessibilityFaults } from '../../widgets/test/browser.js';
import { ApiClient } from './api-client.js';
import { PageServer } from './page-server.js';
import { password, type Person } from './person.js';
import { SignInProvider } from './sign-in-provider.js';

const provider = new SignInProvider();
let server: PageServer;
let administrator: ApiClient;
beforeAll(async () => {
  await provider.listen();
  server = await PageServer.start(() => provider.settings);
  await provider.start(`${server.url}/auth/callback`);
  administrator = new ApiClient(server.url);
  const token = server.firstLink.split('#invitation=')[1] ?? '';
  await administrator.signInBy(
    `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }`,
    { input: { token, email: 'first@centre.example', name: '陈静', password } },
  );
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

const invite = (email: string) =>
  administrator.ask(
    `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on Invited { link } ... on Failure { code } } }`,
    { input: { email, name: '王芳', role: 'manager' } },
  );

/** Presses the button, and is at the provider's. */
async function goesToTheProvider(person: Person): Promise<void> {
  await person.main.getByRole('link', { name: '统一登录', exact: true }).click();
  await person.page.waitForURL(`${provider.issuer}/interaction/**`);
}

const saysTheyAre = (person: Person, name: string) => person.page.getByRole('link', { name, exact: true }).click();

describe('the button for single sign-on', () => {
  it('says that the provider is away when it is, and a password is taken instead', async () => {
    provider.away = true;
    const person = await server.visit(`${server.url}/#sign-in`);
    await person.main.getByRole('link', { name: '统一登录', exact: true }).click();
    await person.main.getByRole('alert').getByText('统一登录服务暂不可用').waitFor();
    await person.signsIn('first@centre.example');
    await person.sees('我是谁');
    await person.close();
    provider.away = false;
  });

  it('leads to the provider and back to one’s account, signed in, with nothing left in the address', async () => {
    provider.admit({ sub: 'wang', email: 'wang@wuhan.example', email_verified: true });
    await invite('wang@wuhan.example');
    const person = await server.visit(`${server.url}/#sign-in`);
    await goesToTheProvider(person);
    await saysTheyAre(person, 'wang');
    await person.sees('我是谁');
    await person.sees('wang@wuhan.example');
    await person.sees('负责人');
    expect(await person.hash()).toBe('#account');
    expect(person.page.url()).toBe(`${server.url}/#account`);
    await person.keepsNothing();
    // The session is the same as of a password: signing out ends it.
    await person.presses('退出登录');
    await person.sees('您已退出登录');
    await person.page.goto(`${server.url}/#account`);
    await person.main.getByLabel('密码', { exact: true }).waitFor();
    await person.close();
  });

  it('is reached and pressed by keyboard, in English as well', async () => {
    const person = await server.visit(`${server.url}/?lang=en#sign-in`);
    const button = person.main.getByRole('link', { name: 'Single sign-on', exact: true });
    await button.waitFor();
    for (let presses = 0; presses < 20; presses += 1) {
      if (await button.evaluate((link) => link.matches(':focus'))) break;
      await person.page.keyboard.press('Tab');
    }
    await person.page.keyboard.press('Enter');
    await person.page.waitForURL(`${provider.issuer}/interaction/**`);
    await person.close();
  });

  it('leads back with the reason when it was given up, or when nobody invited that person', async () => {
    provider.admit({ sub: 'stranger', email: 'stranger@wuhan.example', email_verified: true });
    const person = await server.visit(`${server.url}/#sign-in`);
    for (const choice of ['cancel', 'stranger']) {
      await goesToTheProvider(person);
      await saysTheyAre(person, choice);
      await person.main.getByRole('alert').getByText('统一登录没有成功').waitFor();
      // A password is still taken.
      expect(await person.main.getByLabel('密码', { exact: true }).count()).toBe(1);
      expect(person.page.url()).toBe(`${server.url}/#sign-in=sign_in_failed`);
      // The provider would remember who they said they are.
      await person.page.context().clearCookies();
      await person.page.goto(`${server.url}/#sign-in`);
    }
    await person.keepsNothing();
    await person.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility fault axe can find, %s', async (colorScheme) => {
    const person = await server.visit(`${server.url}/#sign-in=sign_in_failed`, { colorScheme, bypassCSP: true });
    await person.main.getByRole('link', { name: '统一登录', exact: true }).waitFor();
    expect(await accessibilityFaults(person.page)).toEqual([]);
    await person.close();
  });
});
