import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';

const clientSecret = 'Zb6Qe1Xv9Lk4Tn7Rw2Jm5Hc8Pd3Gs0Yf';

/** Somebody at the provider's. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  /** How they show who they are (RFC 8176). */
  readonly methods?: readonly string[];
}

const claimsOf = (sub: string, { email, email_verified }: Partial<ProviderPerson> = {}) => ({
  sub,
  email,
  email_verified,
});

/** A real provider, whose people sign in by saying who they are: in a header, or in a browser by following the link of their name. */
export class SignInProvider {
  private readonly people = new Map<string, ProviderPerson>();
  private server: Server | undefined;
  issuer = '';
  /** Sends every answer compressed, which nobody asked for. */
  compresses = false;
  /** Answers nobody. */
  away = false;

  /** Settings of a service that people sign in to by this provider. */
  get settings(): Readonly<Record<string, string>> {
    return {
      HOTLINE_OIDC_ISSUER: this.issuer,
      HOTLINE_OIDC_CLIENT_ID: 'hotline',
      HOTLINE_OIDC_CLIENT_SECRET: clientSecret,
      HOTLINE_OIDC_DOMAINS: 'wuhan.example, centre.example',
    };
  }

  /** Listens first: the address of the service may follow from this one's. */
  async listen(): Promise<void> {
    const server = createServer();
    this.server = server;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param callback where the service takes people back */
  async start(callback: string): Promise<void> {
    // It tells at length what it would need in production.
    jest.spyOn(console, 'info').mockImplementation(() => undefined);
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    if (!this.server) await this.listen();
    const { Provider } = await import('oidc-provider');
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: 'hotline', client_secret: clientSecret, redirect_uris: [callback] }],
      claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'] },
      cookies: { keys: ['only-for-tests'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => claimsOf(sub, this.people.get(sub)) }),
      loadExistingGrant: async (context) => {
        const grant = new context.oidc.provider.Grant({
          clientId: context.oidc.client?.clientId ?? '',
          accountId: context.oidc.session?.accountId ?? '',
        });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
    });
    const handle = provider.callback();
    this.server?.on('request', (request, response) => {
      if (this.away) {
        response.destroy();
        return;
      }
      if (this.compresses) response.setHeader('content-encoding', 'br');
      const url = new URL(request.url ?? '/', this.issuer);
      const who = request.headers['x-person'] ?? url.searchParams.get('person');
      if (!url.pathname.startsWith('/interaction/')) void handle(request, response);
      else if (url.searchParams.has('no')) {
        void provider.interactionFinished(request, response, { error: 'access_denied' });
      } else if (typeof who === 'string') {
        void provider.interactionFinished(request, response, {
          login: { accountId: who, amr: [...(this.people.get(who)?.methods ?? ['pwd'])] },
        });
      } else {
        const links = [...this.people.keys()].map((sub) => `<a href="?person=${sub}">${sub}</a> `);
        response.setHeader('content-type', 'text/html').end(`${links.join('')}<a href="?no">cancel</a>`);
      }
    });
  }

  /** They can be told apart by their names from then on. */
  admit(person: ProviderPerson): void {
    this.people.set(person.sub, person);
  }

  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** What the browser of this person is sent back with. @returns the address it is sent to */
  async signIn(address: string, person: ProviderPerson): Promise<URL> {
    this.admit(person);
    const cookies = new Map<string, string>();
    let next = new URL(address);
    for (let hops = 0; hops < 10; hops += 1) {
      if (next.origin !== this.issuer) return next;
      const response = await fetch(next, {
        redirect: 'manual',
        headers: {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'x-person': person.sub,
        },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) throw new Error(`${response.status} ${await response.text()}`);
      next = new URL(location, next);
    }
    throw new Error('sent round in circles');
  }
}
