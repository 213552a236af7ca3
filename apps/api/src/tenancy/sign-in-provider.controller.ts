import { CONFIG, type Config } from '@hotline/platform';
import { journeyMs, SingleSignOnService, TenancyError, type Caller } from '@hotline/tenancy';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { From, Public, SignInAttempt, type HotlineRequest } from '../request/context.decorators.js';
import { SessionCookie } from '../request/session-cookie.js';

const journeyCookie = '__Host-hotline-sign-in';
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

/** There and back to the provider of OpenID Connect. */
@Controller('auth')
@Public()
@SignInAttempt()
export class SignInProviderController {
  constructor(
    private readonly singleSignOn: SingleSignOnService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('start')
  async start(@Req() request: HotlineRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.orSignInPage(request, reply, async () => {
      const { address, journey } = await this.singleSignOn.begin();
      void reply.setCookie(journeyCookie, journey, { ...attributes, maxAge: journeyMs / 1_000 });
      redirect(reply, address);
    });
  }

  @Get('callback')
  async callback(
    @Req() request: HotlineRequest,
    @From() { client }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const journey = request.cookies[journeyCookie];
    void reply.clearCookie(journeyCookie, attributes);
    await this.orSignInPage(request, reply, async () => {
      if (journey === undefined) throw new TenancyError('sign_in_failed');
      const query = new URL(request.url, this.config.publicUrl).searchParams.toString();
      const { token, expiresAt } = await this.singleSignOn.finish(query, journey, client);
      new SessionCookie(reply).set(token, expiresAt);
      redirect(reply, `${this.config.publicUrl}/#account`);
    });
  }

  /** A person whose browser was sent here is told what went wrong on a page; a program gets the error itself. */
  private async orSignInPage(request: HotlineRequest, reply: FastifyReply, work: () => Promise<void>): Promise<void> {
    void reply.header('cache-control', 'no-store');
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TenancyError) || request.headers.accept?.includes('text/html') !== true) throw error;
      redirect(reply, `${this.config.publicUrl}/#sign-in=${error.code}`);
    }
  }
}

function redirect(reply: FastifyReply, address: string): void {
  void reply.status(302).header('location', address);
}
