import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessibilityFaults, sidewaysScroll } from '../../widgets/test/browser.js';
import { InvitedPeople } from './invited-people.js';
import { password, type Person } from './person.js';

const renewed = 'Levees-and-sluices-8';
let people: InvitedPeople;
beforeAll(async () => {
  people = await InvitedPeople.start();
  await people.admitFirst();
});
afterAll(() => people.close());

describe('the account page', () => {
  it('shows where one is signed in and ends it elsewhere, and changes the password', async () => {
    const { email, person } = await people.newMember();
    const elsewhere = await people.server.visit(`${people.server.url}/#sign-in`);
    await elsewhere.signsIn(email);
    await elsewhere.sees('我是谁');
    await person.page.reload();
    await person.presses('结束其他全部登录');
    await person.sees('没有其他登录');
    await elsewhere.presses('结束其他全部登录').catch(() => undefined);
    await elsewhere.sees('会话已结束，请重新登录');

    await person.fills({ 现密码: 'not-the-password', 新密码: renewed });
    await person.presses('更改密码');
    await person.isToldAt('现密码', '邮箱或密码不正确');
    await person.fills({ 现密码: password });
    await person.presses('更改密码');
    await person.sees('密码已更改');
    await person.signsIn(email, renewed);
    await person.sees('我是谁');
    await Promise.all([person.close(), elsewhere.close()]);
  });

  it('lets an administrator change roles, make a password link and remove members', async () => {
    const { email, name, person } = await people.newMember();
    await people.administrator.page.reload();
    await people.administrator.sees(email);
    await people.administrator.main.getByLabel(`${name}的角色`).selectOption({ label: '审核人' });
    await people.administrator.presses('保存角色');
    await people.administrator.sees(`${name}现在是审核人`);
    await person.page.reload();
    await person.main.getByLabel('密码', { exact: true }).waitFor();

    await people.administrator.presses(`密码链接（${name}）`);
    const link = await people.administrator.main.getByLabel('链接', { exact: true }).inputValue();
    await person.page.goto(link);
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.signsIn(email, renewed);
    await person.sees('审核人');

    await people.administrator.presses(`移除${name}`);
    await people.administrator.presses('确认移除');
    await people.administrator.sees(`${name}已被移除`);
    await person.page.reload();
    await person.main.getByLabel('密码', { exact: true }).waitFor();

    await people.administrator.main.getByLabel('陈静的角色').selectOption({ label: '查看' });
    await people.administrator.presses('保存角色');
    await people.administrator.sees('这是最后一位管理员');
    await person.close();
  });

  it('switches between organisations', async () => {
    await people.server.sql(`with t as (insert into tenant (tenant_id, kind, name, city_code, is_demo)
        values (gen_random_uuid(), 'city', '武汉热线中心', '420100', false) returning tenant_id)
      insert into member (tenant_id, id, account_id, name, role)
      select tenant_id, gen_random_uuid(), (select id from account where email = 'first@centre.example'), '陈静', 'viewer' from t`);
    await people.administrator.page.reload();
    await people.administrator.presses('切换到武汉热线中心');
    await people.administrator.sees('现在代表“武汉热线中心”');
    expect(await people.administrator.main.getByText('邀请成员').count()).toBe(0);
    await people.administrator.presses(/^切换到.*Operator/);
    await people.administrator.sees('邀请成员');
  });
});

describe('every screen', () => {
  const addresses = ['#sign-in', '#forgotten-password', '#invitation=made-up', '#password=made-up', '#invitation'];

  /** The account of the administrator, with everything that can be opened on it open. */
  async function openAccount(person: Person): Promise<void> {
    await person.page.goto(`${people.server.url}/#sign-in`);
    await person.signsIn('first@centre.example');
    await person.sees('未接受的邀请');
    await person.presses('启用第二因素');
    await person.sees('密钥');
    await person.presses(/^移除/);
  }

  it.each(['light', 'dark'] as const)(
    'has no accessibility fault axe can find, %s',
    async (colorScheme) => {
      // axe is put on the page by the test, which the policy of the service would forbid.
      const person = await people.server.visit(`${people.server.url}/`, { colorScheme, bypassCSP: true });
      for (const address of addresses) {
        await person.page.goto(`${people.server.url}/${address}`);
        await person.main.getByRole('heading').first().waitFor();
        await person.main.getByText('正在读取').waitFor({ state: 'detached' });
        expect([address, await accessibilityFaults(person.page)]).toEqual([address, []]);
      }
      await people.newMember().then(({ person: member }) => member.close());
      await openAccount(person);
      expect(await accessibilityFaults(person.page)).toEqual([]);
      await person.close();
    },
    180_000,
  );

  it('needs no sideways scroll at 320 pixels, nor at twice the size', async () => {
    const narrow = await people.server.visit(`${people.server.url}/`, { viewport: { width: 320, height: 800 } });
    for (const address of addresses) {
      await narrow.page.goto(`${people.server.url}/${address}`);
      await narrow.main.getByRole('heading').first().waitFor();
      expect([address, await sidewaysScroll(narrow.page)]).toEqual([address, 0]);
    }
    await openAccount(narrow);
    expect(await sidewaysScroll(narrow.page)).toBe(0);
    await narrow.page.setViewportSize({ width: 640, height: 450 });
    expect(await sidewaysScroll(narrow.page)).toBe(0);
    await narrow.close();
  }, 120_000);

  it('leaves no Chinese behind in English, but for names', async () => {
    const person = await people.server.visit(`${people.server.url}/?lang=en#sign-in`);
    const english = async (): Promise<void> => {
      const words = (await person.main.locator('h2, section').allInnerTexts())
        .join(' ')
        .replace(/运营|陈静|成员\d+|武汉热线中心|再来|迟到|李明/g, '');
      expect(words).not.toMatch(/[\u3400-\u9fff]/);
      expect(words.length).toBeGreaterThan(20);
    };
    for (const address of addresses) {
      await person.page.goto(`${people.server.url}/?lang=en${address}`);
      await person.main.getByRole('heading').first().waitFor();
      await person.main.getByText('Reading').waitFor({ state: 'detached' });
      await english();
    }
    await person.page.goto(`${people.server.url}/?lang=en#sign-in`);
    await person.fills({ 'E-mail address': 'first@centre.example', Password: password });
    await person.presses('Sign in');
    await person.sees('Open invitations');
    await english();
    await person.presses('Set up a second factor');
    await person.sees('Secret');
    await english();
    await person.close();
  });
});
