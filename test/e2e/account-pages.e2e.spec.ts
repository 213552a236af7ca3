import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { accessibilityFaults, sidewaysScroll } from '../../widgets/test/browser.js';
import { MailBox } from './mail-box.js';
import { PageServer } from './page-server.js';
import { password, type Person } from './person.js';

const renewed = 'Levees-and-sluices-8';
const mails = new MailBox();
let server: PageServer;
let url: string;

beforeAll(async () => {
  const smtp = await mails.listen();
  server = await PageServer.start(() => ({ HOTLINE_SMTP_URL: smtp, HOTLINE_MAIL_FROM: 'index@city.example' }));
  ({ url } = server);
});
afterAll(async () => {
  await server.close();
  await mails.close();
});

const linkIn = (text: string): string => /http\S+/.exec(text)?.[0] ?? '';

/** A code of the authenticator that was given this secret, so many steps of 30 seconds from now. */
function codeAt(secret: string, steps = 0): string {
  const totp = new TOTP({
    secret: Secret.fromBase32(secret.replaceAll(' ', '')),
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
  });
  return totp.generate({ timestamp: Date.now() + steps * 30_000 });
}

let administrator: Person;
let members = 0;

/** A member of the first administrator's organisation, who has accepted by the pages. */
async function newMember(): Promise<{ readonly email: string; readonly person: Person }> {
  members += 1;
  const email = `member-${members}@centre.example`;
  await invite(email, `成员${members}`);
  const person = await server.visit(linkIn((await mails.to(email)).text));
  await person.fills({ 新密码: password });
  await person.presses('建立账户并加入');
  await person.sees('欢迎');
  return { email, person };
}

async function invite(email: string, name: string): Promise<void> {
  await administrator.fills({ 邮箱: email, 姓名: name });
  await administrator.presses('发出邀请');
  await administrator.sees(email);
}

describe('the first administrator', () => {
  it('is told the address from which everything works', async () => {
    expect(await server.process.listening()).toBe(url);
  });

  it('goes from the link that the start printed to their account, and the link works once', async () => {
    administrator = await server.visit(server.firstLink);
    await administrator.sees('您将成为本服务的首位管理员');
    expect(await administrator.hash()).toBe('#invitation');
    await administrator.fills({ 邮箱: 'first@centre.example', 您的姓名: '陈静', 新密码: 'password' });
    await administrator.presses('建立账户并加入');
    await administrator.isToldAt('新密码', /8 至 128 个字符/);
    await administrator.fills({ 新密码: password });
    await administrator.presses('建立账户并加入');
    await administrator.sees('欢迎！您已加入，并已登录。');
    expect(await administrator.hash()).toBe('#account');
    await administrator.sees('first@centre.example');
    await administrator.keepsNothing();

    const again = await server.visit(server.firstLink);
    await again.sees('链接无效：已用过、已过期或已撤回');
    expect(await again.hash()).toBe('#invitation');
    await again.close();
  });

  it('hands a link over when no mail can be sent, and it is shown this once', async () => {
    mails.refuses = true;
    try {
      await invite('handed@centre.example', '李明');
    } finally {
      mails.refuses = false;
    }
    const link = await administrator.main.getByLabel('链接', { exact: true }).inputValue();
    expect(link).toMatch(new RegExp(`^${url}/#invitation=[\\w-]{43}$`));
    await administrator.page.reload();
    await administrator.sees('handed@centre.example');
    expect(await administrator.main.getByLabel('链接', { exact: true }).count()).toBe(0);

    const invited = await server.visit(link);
    await invited.sees('数据专员');
    await invited.close();
    await administrator.presses('撤回对李明的邀请');
    await administrator.sees('邀请已撤回');
    const late = await server.visit(link);
    await late.sees('链接无法使用');
    await late.close();
  });
});

describe('an invitation by mail', () => {
  it('says what it is for, and leads to the account of a new member', async () => {
    const { email, person } = await newMember();
    await person.sees(email);
    await person.sees('数据专员');
    expect(await person.hash()).toBe('#account');
    expect(await person.main.getByText('邀请成员').count()).toBe(0);
    // Nothing in the history leads back to the link.
    await person.page.goBack().catch(() => null);
    expect(person.page.url()).not.toContain('=');
    await person.close();
  });

  it('says that it is over when it is, and what to do', async () => {
    await invite('late@centre.example', '迟到');
    const { text } = await mails.to('late@centre.example');
    await server.sql(
      `update invitation set expires_at = now() - interval '1 minute' where email = 'late@centre.example'`,
    );
    const person = await server.visit(linkIn(text));
    await person.sees('请向管理员索取新的链接');
    for (const token of ['made-up', 'A'.repeat(43)]) {
      await person.page.goto(`${url}/#invitation=${token}`);
      await person.sees('链接无效');
      expect(await person.hash()).toBe('#invitation');
    }
    await person.page.reload();
    await person.sees('再点一次');
    await person.close();
  });

  it('of somebody who has an account asks for its password, or nothing when they are signed in', async () => {
    const { email, person } = await newMember();
    await invite(email, '再来');
    const link = linkIn((await mails.to(email)).text);
    await person.page.goto(link);
    await person.sees('可以直接接受');
    const other = await server.visit(link);
    await other.sees('这个邮箱已有账户');
    await other.fills({ 密码: 'not-the-password' });
    await other.presses('接受邀请');
    await other.isToldAt('密码', '邮箱或密码不正确');
    await person.presses('接受邀请');
    await person.sees('欢迎');
    await other.fills({ 密码: password });
    await other.presses('接受邀请');
    await other.sees('链接无效');
    await Promise.all([person.close(), other.close()]);
  });
});

describe('signing in', () => {
  it('says what is missing or wrong at its field, in the language of the page, and leads to the account', async () => {
    const { email, person } = await newMember();
    await person.presses('退出登录');
    await person.sees('您已退出登录');
    await person.presses('登录');
    await person.isToldAt('邮箱', '请填写邮箱');
    await person.signsIn(email, 'not-the-password');
    await person.isToldAt('密码', '邮箱或密码不正确');
    await person.page.getByRole('link', { name: 'English' }).click();
    await person.sees('The e-mail address or the password is wrong.');
    await person.page.getByRole('link', { name: '中文' }).click();
    await person.signsIn(email);
    await person.sees('我是谁');
    expect(await person.hash()).toBe('#account');
    await person.keepsNothing();
    // Who is not signed in is led here from the account.
    await person.presses('退出登录');
    await person.page.goto(`${url}/#account`);
    await person.main.getByLabel('密码', { exact: true }).waitFor();
    expect(await person.hash()).toBe('#sign-in');
    await person.close();
  });

  it('with a forgotten password goes by a mail, with the same answer for everybody', async () => {
    const { email, person } = await newMember();
    const asks = async (address: string): Promise<string> => {
      await person.page.goto(`${url}/#sign-in`);
      await person.page.getByRole('link', { name: '忘记密码？' }).click();
      await person.fills({ 邮箱: address });
      await person.presses('索取链接');
      await person.sees('如果');
      return (await person.main.getByRole('status').last().innerText()).replace(address, '');
    };
    await person.presses('退出登录');
    expect(await asks('nobody@centre.example')).toBe(await asks(email));

    await person.page.goto(linkIn((await mails.to(email)).text));
    await person.fills({ 新密码: '12345678' });
    await person.presses('设定密码');
    await person.isToldAt('新密码', '不能是常用密码');
    expect(await person.hash()).toBe('#password');
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.sees('新密码已设定');
    await person.signsIn(email, renewed);
    await person.sees('我是谁');

    await person.page.goto(`${url}/#password=${'A'.repeat(43)}`);
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.sees('链接无效');
    expect(await person.hash()).toBe('#password');
    await person.close();
  });

  it('with a second factor asks for a code, and takes a recovery code once', async () => {
    const { email, person } = await newMember();
    await person.presses('启用第二因素');
    const secret = await person.main.locator('.secret').innerText();
    expect(await person.main.getByRole('img', { name: '二维码' }).count()).toBe(1);
    await person.fills({ 六位验证码: '000000' });
    await person.presses('确认启用');
    await person.isToldAt('六位验证码', '验证码不正确');
    await person.fills({ 六位验证码: codeAt(secret) });
    await person.presses('确认启用');
    await person.sees('请保存恢复码');
    const recoveryCodes = await person.main.locator('.codes li').allInnerTexts();
    expect(recoveryCodes).toHaveLength(10);
    await person.presses('我已保存恢复码');
    await person.sees('还有 10 个恢复码');
    expect(await person.main.locator('.secret, .codes').count()).toBe(0);

    for (const code of [codeAt(secret, 1), recoveryCodes[0] ?? '']) {
      await person.presses('退出登录');
      await person.signsIn(email);
      await person.sees('还需要一个验证码');
      await person.fills({ 验证码或恢复码: code });
      await person.presses('继续');
      await person.sees('我是谁');
    }
    await person.sees('还有 9 个恢复码');
    await person.presses('退出登录');
    await person.signsIn(email);
    await person.fills({ 验证码或恢复码: recoveryCodes[0] ?? '' });
    await person.presses('继续');
    await person.isToldAt('验证码或恢复码', '验证码不正确');
    await person.fills({ 验证码或恢复码: recoveryCodes[1] ?? '' });
    await person.presses('继续');

    await person.presses('停用第二因素');
    await person.fills({ 验证码或恢复码: recoveryCodes[2] ?? '' });
    await person.presses('停用第二因素');
    await person.sees('第二因素已停用');
    await person.close();
  });
});

describe('the account page', () => {
  it('shows where one is signed in and ends it elsewhere, and changes the password', async () => {
    const { email, person } = await newMember();
    const elsewhere = await server.visit(`${url}/#sign-in`);
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
    const { email, person } = await newMember();
    const name = `成员${members}`;
    await administrator.page.reload();
    await administrator.sees(email);
    await administrator.main.getByLabel(`${name}的角色`).selectOption({ label: '审核人' });
    await administrator.presses('保存角色');
    await administrator.sees(`${name}现在是审核人`);
    await person.page.reload();
    await person.main.getByLabel('密码', { exact: true }).waitFor();

    await administrator.presses(`密码链接（${name}）`);
    const link = await administrator.main.getByLabel('链接', { exact: true }).inputValue();
    await person.page.goto(link);
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.signsIn(email, renewed);
    await person.sees('审核人');

    await administrator.presses(`移除${name}`);
    await administrator.presses('确认移除');
    await administrator.sees(`${name}已被移除`);
    await person.page.reload();
    await person.main.getByLabel('密码', { exact: true }).waitFor();

    await administrator.main.getByLabel('陈静的角色').selectOption({ label: '查看' });
    await administrator.presses('保存角色');
    await administrator.sees('这是最后一位管理员');
    await person.close();
  });

  it('switches between organisations', async () => {
    await server.sql(`with t as (insert into tenant (tenant_id, kind, name, city_code, is_demo)
        values (gen_random_uuid(), 'city', '武汉热线中心', '420100', false) returning tenant_id)
      insert into member (tenant_id, id, account_id, name, role)
      select tenant_id, gen_random_uuid(), (select id from account where email = 'first@centre.example'), '陈静', 'viewer' from t`);
    await administrator.page.reload();
    await administrator.presses('切换到武汉热线中心');
    await administrator.sees('现在代表“武汉热线中心”');
    expect(await administrator.main.getByText('邀请成员').count()).toBe(0);
    await administrator.presses(/^切换到.*Operator/);
    await administrator.sees('邀请成员');
  });
});

describe('by keyboard alone', () => {
  it('somebody signs in from the first page and signs out again', async () => {
    const { email, person } = await newMember();
    await person.presses('退出登录');
    const { page } = person;
    await page.goto(`${url}/`);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        let active = document.activeElement;
        while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
        const labels = active instanceof HTMLInputElement ? [...(active.labels ?? [])] : [];
        return (labels[0] ?? active)?.textContent?.trim() ?? '';
      });
    const standsAt = async (name: string): Promise<void> => {
      for (let looks = 0; looks < 200; looks += 1) {
        if ((await focused()) === name) return;
        await page.waitForTimeout(25);
      }
      throw new Error(`the focus never came to ${name}, it is at ${await focused()}`);
    };
    const tabTo = async (name: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        if ((await focused()) === name) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${name} was not reached`);
    };
    await page.locator('hotline-first-page main').waitFor();
    await tabTo('登录 / 账户');
    await page.keyboard.press('Enter');
    await person.main.getByLabel('邮箱', { exact: true }).waitFor();
    // The reader stands at the heading of the screen that came.
    await standsAt('登录');
    await tabTo('邮箱');
    await page.keyboard.type(email);
    await tabTo('密码');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await person.sees('我是谁');
    await standsAt('账户');
    await tabTo('退出登录');
    await page.keyboard.press('Enter');
    await person.sees('您已退出登录');
    await person.close();
  });
});

describe('every screen', () => {
  const addresses = ['#sign-in', '#forgotten-password', '#invitation=made-up', '#password=made-up', '#invitation'];

  /** The account of the administrator, with everything that can be opened on it open. */
  async function openAccount(person: Person): Promise<void> {
    await person.page.goto(`${url}/#sign-in`);
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
      const person = await server.visit(`${url}/`, { colorScheme, bypassCSP: true });
      for (const address of addresses) {
        await person.page.goto(`${url}/${address}`);
        await person.main.getByRole('heading').first().waitFor();
        await person.main.getByText('正在读取').waitFor({ state: 'detached' });
        expect([address, await accessibilityFaults(person.page)]).toEqual([address, []]);
      }
      await newMember().then(({ person: member }) => member.close());
      await openAccount(person);
      expect(await accessibilityFaults(person.page)).toEqual([]);
      await person.close();
    },
    180_000,
  );

  it('needs no sideways scroll at 320 pixels, nor at twice the size', async () => {
    const narrow = await server.visit(`${url}/`, { viewport: { width: 320, height: 800 } });
    for (const address of addresses) {
      await narrow.page.goto(`${url}/${address}`);
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
    const person = await server.visit(`${url}/?lang=en#sign-in`);
    const english = async (): Promise<void> => {
      const words = (await person.main.locator('h2, section').allInnerTexts())
        .join(' ')
        .replace(/运营|陈静|成员\d+|武汉热线中心|再来|迟到|李明/g, '');
      expect(words).not.toMatch(/[\u3400-\u9fff]/);
      expect(words.length).toBeGreaterThan(20);
    };
    for (const address of addresses) {
      await person.page.goto(`${url}/?lang=en${address}`);
      await person.main.getByRole('heading').first().waitFor();
      await person.main.getByText('Reading').waitFor({ state: 'detached' });
      await english();
    }
    await person.page.goto(`${url}/?lang=en#sign-in`);
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
