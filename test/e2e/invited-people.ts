import { MailBox } from './mail-box.js';
import { PageServer } from './page-server.js';
import { password, type Person } from './person.js';

/** The link of a mail. */
export const linkIn = (text: string): string => /http\S+/.exec(text)?.[0] ?? '';

/** An organisation of people at browsers, whom its first administrator invites by mail. */
export class InvitedPeople {
  private members = 0;

  private constructor(
    readonly server: PageServer,
    readonly mails: MailBox,
    /** At the link for the first administrator, to begin with. */
    readonly administrator: Person,
  ) {}

  static async start(): Promise<InvitedPeople> {
    const mails = new MailBox();
    const smtp = await mails.listen();
    const settings = { HOTLINE_SMTP_URL: smtp, HOTLINE_MAIL_FROM: 'index@city.example' };
    const server = await PageServer.start(() => settings);
    return new InvitedPeople(server, mails, await server.visit(server.firstLink));
  }

  /** The first administrator joins. */
  async admitFirst(): Promise<void> {
    await this.administrator.fills({ 邮箱: 'first@centre.example', 您的姓名: '陈静', 新密码: password });
    await this.administrator.presses('建立账户并加入');
    await this.administrator.sees('欢迎！您已加入，并已登录。');
  }

  async invite(email: string, name: string): Promise<void> {
    await this.administrator.fills({ 邮箱: email, 姓名: name });
    await this.administrator.presses('发出邀请');
    await this.administrator.sees(email);
  }

  /** A member who has accepted by the pages. */
  async newMember(): Promise<{ readonly email: string; readonly name: string; readonly person: Person }> {
    this.members += 1;
    const email = `member-${this.members}@centre.example`;
    const name = `成员${this.members}`;
    await this.invite(email, name);
    const person = await this.server.visit(linkIn((await this.mails.to(email)).text));
    await person.fills({ 新密码: password });
    await person.presses('建立账户并加入');
    await person.sees('欢迎');
    return { email, name, person };
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.mails.close();
  }
}
