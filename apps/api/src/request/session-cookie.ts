import type { FastifyReply } from 'fastify';

/** The prefix makes browsers refuse the cookie unless it is Secure, for this host only and for every path. */
export const cookieName = '__Host-hotline-session';

const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** The cookie of the answer to this request. */
export class SessionCookie {
  constructor(private readonly reply: FastifyReply) {}

  set(token: string, expiresAt: Date): void {
    void this.reply.setCookie(cookieName, token, { ...attributes, expires: expiresAt });
  }

  clear(): void {
    void this.reply.clearCookie(cookieName, attributes);
  }
}
