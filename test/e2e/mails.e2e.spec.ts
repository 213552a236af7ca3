import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { ApiServer, publicUrl, type City } from './api-server.js';

const password = 'Gorges-and-locks-3';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A mail server that keeps what it is sent, and refuses it while told to. */
class MailBox {
  readonly mails: Mail[] = [];
  readonly signedIn: string[] = [];
  refuses = false;
  private readonly server = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    logger: false,
    onAuth: ({ username = '', password: given = '' }, _session, done) => {
      this.signedIn.push(`${username}:${given}`);
      done(null, { user: username });
    },
    onRcptTo: (_address, _session, done) => {
      done(this.refuses ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData: (stream, { envelope }, done) => {
      void text(stream).then((raw) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        this.mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), ...parts(raw) });
        done();
      });
    },
  });

  async listen(): Promise<string> {
    const listening = this.server.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    return `smtp://hotline:p%40ss@127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** The next one to this address. */
  async to(address: string): Promise<Mail> {
    for (let tries = 0; tries < 400; tries += 1) {
      const index = this.mails.findIndex(({ to }) => to.includes(address));
      const [found] = index < 0 ? [] : this.mails.splice(index, 1);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no mail to ${address}`);
  }
}

/** Subject and text of a mail of one part. */
function parts(raw: string): { subject: string; text: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).replace(/\r\n\s+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1] ?? '';
  const body = raw.slice(end + 4);
  const encoding = header('content-transfer-encoding');
  return {
    subject: decodeWords(header('subject')),
    text:
      encoding === 'base64'
        ? Buffer.from(body, 'base64').toString('utf8')
        : encoding === 'quoted-printable'
          ? decodeQuoted(body.replace(/=\r\n/g, ''))
          : body,
  };
}

/** RFC 2047. */
function decodeWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_whole, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
}

function decodeQuoted(quoted: string): string {
  const bytes = quoted.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const box = new MailBox();
let server: ApiServer;
let wuhan: City;
let number = 0;
beforeAll(async () => {
  const address = await box.listen();
  server = await ApiServer.start({ HOTLINE_SMTP_URL: address, HOTLINE_MAIL_FROM: '热线指数 <index@city.example>' });
  wuhan = await server.city('420100', 'administrator');
}, 60_000);
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
