import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { InvitedPeople, linkIn } from './invited-people.js';
import { password } from './person.js';

const renewed = 'Levees-and-sluices-8';
let people: InvitedPeople;
beforeAll(async () => {
  people = await InvitedPeople.start();
});
afterAll(() => people.close());

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

describe('the first administrator', () => {
  it('is told the address from which everything works', async () => {
    expect(await people.server.process.listening()).toBe(people.server.url);
  });

  it('goes from the link that the start printed to their account, and the link works once', async () => {
    await people.administrator.sees('您将成为本服务的首位管理员');
    expect(await people.administrator.hash()).toBe('#invitation');
    await people.administrator.fills({ 邮箱: 'first@centre.example', 您的姓名: '陈静', 新密码: 'password' });
    await people.administrator.presses('建立账户并加入');
    await people.administrator.isToldAt('新密码', /8 至 128 个字符/);
    await people.administrator.fills({ 新密码: password });
    await people.administrator.presses('建立账户并加入');
    await people.administrator.sees('欢迎！您已加入，并已登录。');
    expect(await people.administrator.hash()).toBe('#account');
    await people.administrator.sees('first@centre.example');
    await people.administrator.keepsNothing();

    const again = await people.server.visit(people.server.firstLink);
    await again.sees('链接无效：已用过、已过期或已撤回');
    expect(await again.hash()).toBe('#invitation');
    await again.close();
  });

  it('hands a link over when no mail can be sent, and it is shown this once', async () => {
    people.mails.refuses = true;
    try {
      await people.invite('handed@centre.example', '李明');
    } finally {
      people.mails.refuses = false;
    }
    const link = await people.administrator.main.getByLabel('链接', { exact: true }).inputValue();
    expect(link).toMatch(new RegExp(`^${people.server.url}/#invitation=[\\w-]{43}$`));
    await people.administrator.page.reload();
    await people.administrator.sees('handed@centre.example');
    expect(await people.administrator.main.getByLabel('链接', { exact: true }).count()).toBe(0);

    const invited = await people.server.visit(link);
    await invited.sees('数据专员');
    await invited.close();
    await people.administrator.presses('撤回对李明的邀请');
    await people.administrator.sees('邀请已撤回');
    const late = await people.server.visit(link);
    await late.sees('链接无法使用');
    await late.close();
  });
});

describe('an invitation by mail', () => {
  it('says what it is for, and leads to the account of a new member', async () => {
    const { email, person } = await people.newMember();
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
    await people.invite('late@centre.example', '迟到');
    const { text } = await people.mails.to('late@centre.example');
    await people.server.sql(
      `update invitation set expires_at = now() - interval '1 minute' where email = 'late@centre.example'`,
    );
    const person = await people.server.visit(linkIn(text));
    await person.sees('请向管理员索取新的链接');
    for (const token of ['made-up', 'A'.repeat(43)]) {
      await person.page.goto(`${people.server.url}/#invitation=${token}`);
      await person.sees('链接无效');
      expect(await person.hash()).toBe('#invitation');
    }
    await person.page.reload();
    await person.sees('再点一次');
    await person.close();
  });

  it('of somebody who has an account asks for its password, or nothing when they are signed in', async () => {
    const { email, person } = await people.newMember();
    await people.invite(email, '再来');
    const link = linkIn((await people.mails.to(email)).text);
    await person.page.goto(link);
    await person.sees('可以直接接受');
    const other = await people.server.visit(link);
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
    const { email, person } = await people.newMember();
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
    await person.page.goto(`${people.server.url}/#account`);
    await person.main.getByLabel('密码', { exact: true }).waitFor();
    expect(await person.hash()).toBe('#sign-in');
    await person.close();
  });

  it('with a forgotten password goes by a mail, with the same answer for everybody', async () => {
    const { email, person } = await people.newMember();
    const asks = async (address: string): Promise<string> => {
      await person.page.goto(`${people.server.url}/#sign-in`);
      await person.page.getByRole('link', { name: '忘记密码？' }).click();
      await person.fills({ 邮箱: address });
      await person.presses('索取链接');
      await person.sees('如果');
      return (await person.main.getByRole('status').last().innerText()).replace(address, '');
    };
    await person.presses('退出登录');
    expect(await asks('nobody@centre.example')).toBe(await asks(email));

    await person.page.goto(linkIn((await people.mails.to(email)).text));
    await person.fills({ 新密码: '12345678' });
    await person.presses('设定密码');
    await person.isToldAt('新密码', '不能是常用密码');
    expect(await person.hash()).toBe('#password');
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.sees('新密码已设定');
    await person.signsIn(email, renewed);
    await person.sees('我是谁');

    await person.page.goto(`${people.server.url}/#password=${'A'.repeat(43)}`);
    await person.fills({ 新密码: renewed });
    await person.presses('设定密码');
    await person.sees('链接无效');
    expect(await person.hash()).toBe('#password');
    await person.close();
  });

  it('with a second factor asks for a code, and takes a recovery code once', async () => {
    const { email, person } = await people.newMember();
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

describe('by keyboard alone', () => {
  it('somebody signs in from the first page and signs out again', async () => {
    const { email, person } = await people.newMember();
    await person.presses('退出登录');
    const { page } = person;
    await page.goto(`${people.server.url}/`);
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
