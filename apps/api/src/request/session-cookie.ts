import type { FastifyReply } from 'fastify';

/** The prefix makes browsers refuse the cookie unless it is Secure, for this host only and for every path. */
export const cookieName = '__Host-hotline-session';

const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

export function setSessionCookie(reply: FastifyReply, token: string, expiresAt: Date): void {
  void reply.setCookie(cookieName, token, { ...attributes, expires: expiresAt });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(cookieName, attributes);
}
