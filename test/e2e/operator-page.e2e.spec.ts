import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessibilityFaults, sidewaysScroll } from '../../widgets/test/browser.js';
import { ApiClient } from './api-client.js';
import { MailBox } from './mail-box.js';
import { PageServer } from './page-server.js';
import { password, type Person } from './person.js';

const mails = new MailBox();
let server: PageServer;
let operator: Person;
beforeAll(async () => {
  const smtp = await mails.listen();
  server = await PageServer.start(() => ({ HOTLINE_SMTP_URL: smtp, HOTLINE_MAIL_FROM: 'index@city.example' }));
  operator = await server.visit(server.firstLink);
  await operator.fills({ 邮箱: 'first@operator.example', 您的姓名: '陈静', 新密码: password });
  await operator.presses('建立账户并加入');
  await operator.sees('欢迎');
});
afterAll(async () => {
  await server.close();
  await mails.close();
});

const linkIn = (text: string): string => /http\S+/.exec(text)?.[0] ?? '';

interface Organisation {
  readonly kind: '城市热线中心' | '省级主管' | '服务运营方';
  readonly province?: string;
  readonly city?: string;
  readonly name: string;
  readonly email: string;
}

async function fillIn({ kind, province, city, name, email }: Organisation): Promise<void> {
  const { main } = operator;
  await main.getByLabel('类别', { exact: true }).selectOption({ label: kind });
  if (province !== undefined) await main.getByLabel('省份', { exact: true }).selectOption({ label: province });
  if (city !== undefined) await main.getByLabel('城市', { exact: true }).selectOption({ label: city });
  await operator.fills({ 机构名称: name, 邮箱: email, 管理员姓名: '王芳' });
}

async function setUp(organisation: Organisation): Promise<void> {
  await fillIn(organisation);
  await operator.presses('建立并邀请');
  await operator.sees(`“${organisation.name}”已建立，邀请已发到 ${organisation.email}`);
}

/** The administrator who was written to, signed in. */
async function accept(email: string): Promise<ApiClient> {
  const token = linkIn((await mails.to(email)).text).split('#invitation=')[1] ?? '';
  const client = new ApiClient(server.url);
  await client.signInBy(
    `mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }`,
    { input: { token, password } },
  );
  return client;
}

const rowOf = (name: string, person = operator) => person.main.getByRole('listitem').filter({ hasText: name });
const citiesOf = async (province: ApiClient): Promise<unknown> =>
  (await province.ask<{ rows: { cityCode: string }[] }>('{ provinceMatrix { rows { cityCode } } }')).rows.map(
    ({ cityCode }) => cityCode,
  );

describe('the operator’s page', () => {
  it('is reached from the account, and by nobody else', async () => {
    await operator.main.getByRole('link', { name: '管理机构' }).click();
    await operator.sees('已有机构');
    expect(await operator.hash()).toBe('#organisations');
    const visitor = await server.visit(`${server.url}/#organisations`);
    await visitor.main.getByLabel('密码', { exact: true }).waitFor();
    expect(await visitor.hash()).toBe('#sign-in');
    await visitor.close();
  });

  it('says at its field what is missing, before anything is made', async () => {
    await operator.presses('建立并邀请');
    await operator.isToldAt('省份', '请填写省份');
    await fillIn({
      ...{ kind: '城市热线中心', province: '湖北省', city: '武汉市' },
      ...{ name: '武汉市12345', email: 'nobody' },
    });
    await operator.presses('建立并邀请');
    await operator.isToldAt('邮箱', '邮箱地址不正确');
    expect(await rowOf('武汉市12345').count()).toBe(0);
    // The cities of another province are other cities: none stays chosen.
    await operator.main.getByLabel('省份', { exact: true }).selectOption({ label: '浙江省' });
    await operator.presses('建立并邀请');
    await operator.isToldAt('城市', '请填写城市');
  });

  it('sets up provinces and cities, and writes to their first administrators', async () => {
    await setUp({ kind: '省级主管', province: '湖北省', name: '湖北省热线办', email: 'head@hubei.example' });
    await setUp({ kind: '省级主管', province: '浙江省', name: '浙江省热线办', email: 'head@zhejiang.example' });
    await setUp({
      ...{ kind: '城市热线中心', province: '湖北省', city: '武汉市' },
      ...{ name: '武汉市12345', email: 'head@wuhan.example' },
    });
    await rowOf('武汉市12345').getByText('还没有管理员').waitFor();
    await rowOf('武汉市12345').getByText('不归属任何省级机构').waitFor();
    const { main } = operator;
    // The form is empty again.
    expect(await main.getByLabel('机构名称', { exact: true }).inputValue()).toBe('');
    expect(await main.getByLabel('城市', { exact: true }).inputValue()).toBe('');
  });

  it('invites a first administrator again, and no longer once there is one', async () => {
    await operator.presses('邀请管理员（武汉市12345）');
    const form = operator.main.getByRole('form', { name: '邀请管理员（武汉市12345）' });
    await form.getByLabel('邮箱', { exact: true }).fill('other@wuhan.example');
    await form.getByLabel('管理员姓名', { exact: true }).fill('李明');
    await form.getByRole('button', { name: '发出邀请' }).click();
    await operator.sees('邀请已发到 other@wuhan.example');
    const city = await accept('other@wuhan.example');
    expect((await city.graphql('{ viewer { tenantKind roles } }')).data).toMatchObject({
      viewer: { tenantKind: 'city', roles: expect.arrayContaining(['administrator']) },
    });
    // Where the list is older than that: refused in words, in the row.
    await operator.presses('邀请管理员（武汉市12345）');
    await form.getByLabel('邮箱', { exact: true }).fill('third@wuhan.example');
    await form.getByLabel('管理员姓名', { exact: true }).fill('赵云');
    await form.getByRole('button', { name: '发出邀请' }).click();
    await form.getByText('已有管理员').waitFor();
    await operator.page.reload();
    await operator.sees('已有机构');
    await rowOf('武汉市12345').waitFor();
    expect(await rowOf('武汉市12345').getByText('还没有管理员').count()).toBe(0);
    expect(
      await rowOf('武汉市12345')
        .getByRole('button', { name: /管理员/ })
        .count(),
    ).toBe(0);
  });

  it('hands a link over when no mail can be sent, and it is shown this once', async () => {
    mails.refuses = true;
    try {
      await fillIn({
        ...{ kind: '城市热线中心', province: '湖北省', city: '宜昌市' },
        ...{ name: '宜昌市12345', email: 'head@yichang.example' },
      });
      await operator.presses('建立并邀请');
      const link = operator.main.getByLabel('链接', { exact: true });
      expect(await link.inputValue()).toMatch(/#invitation=[\w-]{43}$/);
      await operator.page.setViewportSize({ width: 320, height: 800 });
      expect(await sidewaysScroll(operator.page)).toBe(0);
      await operator.page.setViewportSize({ width: 1100, height: 900 });
    } finally {
      mails.refuses = false;
    }
    await operator.page.reload();
    await operator.sees('宜昌市12345');
    expect(await operator.main.getByLabel('链接', { exact: true }).count()).toBe(0);
    await operator.keepsNothing();
  });

  it('moves a city to a province, to another from a later day, and out of all; the provinces see it so', async () => {
    const [hubei, zhejiang] = [await accept('head@hubei.example'), await accept('head@zhejiang.example')];
    const form = operator.main.getByRole('form', { name: '更改归属（武汉市12345）' });
    const move = async (province: string, day = ''): Promise<void> => {
      await operator.presses('更改归属（武汉市12345）');
      await form.getByLabel('归属', { exact: true }).selectOption({ label: province });
      await form.getByLabel('生效日期', { exact: true }).fill(day);
      await form.getByRole('button', { name: '确认更改' }).click();
      await form.waitFor({ state: 'detached' });
    };
    expect(await citiesOf(hubei)).toEqual([]);
    await move('湖北省热线办');
    await operator.sees('武汉市12345现在归属湖北省热线办');
    await rowOf('武汉市12345').getByText('归属湖北省热线办，自').waitFor();
    expect(await citiesOf(hubei)).toEqual(['420100']);

    await move('浙江省热线办', '2099-01-01');
    await operator.sees('武汉市12345自2099年1月1日起归属浙江省热线办');
    await rowOf('武汉市12345').getByText('；自2099年1月1日起归属浙江省热线办').waitFor();
    expect([await citiesOf(hubei), await citiesOf(zhejiang)]).toEqual([['420100'], []]);

    await move('浙江省热线办');
    await rowOf('武汉市12345').getByText('归属浙江省热线办，自').waitFor();
    expect([await citiesOf(hubei), await citiesOf(zhejiang)]).toEqual([[], ['420100']]);
    await move('不归属任何省级机构', '2099-01-01');
    await rowOf('武汉市12345').getByText('到2099年1月1日为止').waitFor();
    await move('不归属任何省级机构');
    await rowOf('武汉市12345').getByText('不归属任何省级机构').waitFor();
    expect([await citiesOf(hubei), await citiesOf(zhejiang)]).toEqual([[], []]);
  });

  it('finds organisations by their own name, their city or their province, in either language', async () => {
    const { main } = operator;
    const names = async (): Promise<string[]> => main.getByRole('listitem').locator('div > strong').allInnerTexts();
    await main.getByLabel('查找', { exact: true }).fill('湖北');
    await main.getByText('4 个中的').or(main.getByText('5 个中的')).first().waitFor();
    expect(await names()).toEqual(['湖北省热线办', '武汉市12345', '宜昌市12345']);
    await main.getByLabel('查找', { exact: true }).fill('hangzhou');
    expect(await names()).toEqual([]);
    await main.getByLabel('查找', { exact: true }).fill('zhejiang');
    expect(await names()).toEqual(['浙江省热线办']);
    await main.getByLabel('查找', { exact: true }).fill('');
  });

  it('tells an administrator of a city that it is not for them', async () => {
    const city = await server.visit(`${server.url}/#sign-in`);
    await city.signsIn('other@wuhan.example');
    await city.sees('我是谁');
    expect(await city.main.getByRole('link', { name: '管理机构' }).count()).toBe(0);
    await city.page.goto(`${server.url}/#organisations`);
    await city.sees('只供服务运营方的管理员使用');
    expect(await city.main.getByRole('listitem').count()).toBe(0);
    await city.close();
  });
});

describe('for everybody', () => {
  /** The page with everything on it that can be opened. */
  async function openPage(person: Person, address = '/'): Promise<void> {
    await person.page.goto(`${server.url}${address}#sign-in`);
    await person.main.locator('input[name=email]').fill('first@operator.example');
    await person.main.locator('input[name=password]').fill(password);
    await person.page.keyboard.press('Enter');
    await person.main.locator('a[href="#organisations"]').click();
    await rowOf('武汉市12345', person).getByRole('button').last().click();
    await person.main.locator('hotline-move-city-form form').waitFor();
  }

  it.each(['light', 'dark'] as const)(
    'has no accessibility fault axe can find, %s',
    async (colorScheme) => {
      const person = await server.visit(server.url, { colorScheme, bypassCSP: true });
      await openPage(person);
      expect(await accessibilityFaults(person.page)).toEqual([]);
      await rowOf('宜昌市12345', person).getByRole('button').first().click();
      await person.main.locator('hotline-invite-administrator-form form').waitFor();
      expect(await accessibilityFaults(person.page)).toEqual([]);
      await person.close();
    },
    120_000,
  );

  it('needs no sideways scroll at 320 pixels, nor at twice the size', async () => {
    const narrow = await server.visit(server.url, { viewport: { width: 320, height: 800 } });
    await openPage(narrow);
    expect(await sidewaysScroll(narrow.page)).toBe(0);
    await narrow.page.setViewportSize({ width: 640, height: 450 });
    expect(await sidewaysScroll(narrow.page)).toBe(0);
    await narrow.close();
  });

  it('leaves no Chinese behind in English, but for names', async () => {
    const person = await server.visit(server.url);
    await openPage(person, '/?lang=en');
    const words = (await person.main.locator('h2, section').allInnerTexts()).join(' ');
    expect(words.replace(/湖北省热线办|浙江省热线办|武汉市12345|宜昌市12345|运营/g, '')).not.toMatch(/[\u3400-\u9fff]/);
    expect(words).toContain('Wuhan, Hubei');
    await person.close();
  });

  it('works by keyboard alone: opened, given up, and the focus is where it was', async () => {
    const person = await server.visit(server.url);
    await openPage(person);
    const { page } = person;
    const opener = rowOf('武汉市12345', person).getByRole('button').last();
    const focused = (locator: typeof opener) => locator.and(page.locator(':focus'));
    await page.keyboard.press('Tab');
    await focused(person.main.getByLabel('归属', { exact: true })).waitFor();
    // The parts of a date are a stop each.
    const cancel = focused(person.main.getByRole('button', { name: '取消' }));
    for (let presses = 0; presses < 12 && (await cancel.count()) === 0; presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await person.main.locator('hotline-move-city-form').waitFor({ state: 'detached' });
    await focused(opener).waitFor();
    await page.keyboard.press('Enter');
    await person.main.locator('hotline-move-city-form').waitFor();
    await person.close();
  });
});
