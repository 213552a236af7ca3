import { CONFIG, SharedDb, TenantKeys, type Config, type SignInProvider } from '@hotline/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import * as openid from 'openid-client';
import { InvitationsService } from '../members/invitations.service.js';
import { TenancyError } from '../tenancy-error.js';
import { normalEmail } from './email.js';
import { plainFetch } from './plain-fetch.js';
import { openSealedText, sealText } from './sealed-text.js';
import { SessionsService, type SignedIn } from './sessions.service.js';

/** What the browser keeps while its owner is at the provider's: sealed, and of use to this browser only. */
interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** As long as somebody may take to sign in at the provider's. */
export const journeyMs = 10 * 60_000;
const purpose = 'sign-in journey';

/** Signing in at a provider of OpenID Connect: authorization code with PKCE, state and nonce. */
@Injectable()
export class SingleSignOnService {
  private readonly log = new Logger(SingleSignOnService.name);
  private client: Promise<openid.Configuration> | null = null;

  constructor(
    private readonly shared: SharedDb,
    private readonly keys: TenantKeys,
    private readonly sessions: SessionsService,
    private readonly invitations: InvitationsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Where to send the browser, and what it has to bring back. @throws TenancyError provider_not_configured, provider_unreachable */
  async begin(): Promise<{ address: string; journey: string }> {
    const client = await this.connect();
    const journey: Journey = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
      startedAt: Date.now(),
    };
    const address = openid.buildAuthorizationUrl(client, {
      redirect_uri: this.callback,
      scope: 'openid email',
      state: journey.state,
      nonce: journey.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, journey: sealText(this.sealKey, JSON.stringify(journey), purpose) };
  }

  /**
   * Signs in who comes back. Nobody gets in who was not invited: the provider says who they are, not what they may do.
   * @param query of the address the provider sent the browser to
   * @throws TenancyError sign_in_failed, provider_not_configured, provider_unreachable
   */
  async finish(query: string, sealedJourney: string, client: string): Promise<SignedIn> {
    const configuration = await this.connect();
    const journey = this.openJourney(sealedJourney);
    const claims = await this.redeem(configuration, query, journey);
    const provider = this.provider;
    const email = vouchedEmail(claims, provider.domains);
    if (email === null) throw new TenancyError('sign_in_failed');
    const [known] = await this.shared.query<{ account: string | null }>('select find_identity($1, $2, $3) as account', [
      provider.issuer,
      claims.sub,
      email,
    ]);
    const accountId = await this.admit(known?.account ?? null, email);
    if (accountId === null) throw new TenancyError('sign_in_failed');
    await this.shared.change('select keep_identity($1, $2, $3)', [provider.issuer, claims.sub, accountId]);
    try {
      return await this.sessions.open({ accountId, secondFactor: usedSecondFactor(claims), client });
    } catch (error) {
      if (error instanceof TenancyError && error.code === 'not_a_member') throw new TenancyError('sign_in_failed');
      throw error;
    }
  }

  /** Who is a member acts as one; anybody else accepts what they were invited to. Null when there is nothing. */
  private async admit(known: string | null, email: string): Promise<string | null> {
    if (known !== null && (await this.sessions.contexts(known)).length > 0) return known;
    return this.invitations.acceptAllFor(email, known);
  }

  private openJourney(sealed: string): Journey {
    const text = openSealedText(this.sealKey, sealed, purpose);
    if (text === null) throw new TenancyError('sign_in_failed');
    const journey = JSON.parse(text) as Journey;
    if (Date.now() - journey.startedAt > journeyMs) throw new TenancyError('sign_in_failed');
    return journey;
  }

  /** Trades the code for claims whose signature, issuer, audience, time and nonce are right. */
  private async redeem(configuration: openid.Configuration, query: string, journey: Journey): Promise<openid.IDToken> {
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, new URL(`${this.callback}?${query}`), {
        pkceCodeVerifier: journey.verifier,
        expectedState: journey.state,
        expectedNonce: journey.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('no claims');
      if (claims['email'] !== undefined) return claims;
      const { email, email_verified } = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return { ...claims, email, email_verified };
    } catch (error) {
      // What the provider answered may name the person: the kind of error is enough.
      this.log.warn(`a sign-in through the provider was refused: ${(error as { code?: string }).code ?? '?'}`);
      throw new TenancyError('sign_in_failed');
    }
  }

  private connect(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider;
    const options: openid.DiscoveryRequestOptions = {
      [openid.customFetch]: plainFetch,
      timeout: 10,
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
    };
    this.client ??= openid
      .discovery(new URL(issuer), clientId, clientSecret, undefined, options)
      .catch((error: unknown) => {
        this.client = null;
        this.log.error(`the sign-in provider cannot be used: ${(error as Error).message}`);
        throw new TenancyError('provider_unreachable');
      });
    return this.client;
  }

  private get provider(): SignInProvider {
    if (this.config.signInProvider === null) throw new TenancyError('provider_not_configured');
    return this.config.signInProvider;
  }

  private get callback(): string {
    return `${this.config.publicUrl}/auth/callback`;
  }

  private get sealKey(): Buffer {
    return this.keys.installationKey('single-sign-on');
  }
}

/** The address, if the provider has verified it and may speak for its domain. */
function vouchedEmail(claims: openid.IDToken, domains: readonly string[]): string | null {
  if (typeof claims['email'] !== 'string' || claims['email_verified'] !== true) return null;
  const email = normalEmail(claims['email']);
  const domain = email?.slice(email.lastIndexOf('@') + 1);
  return email !== null && domain !== undefined && domains.includes(domain) ? email : null;
}

/** RFC 8176: the provider says that more than a password was shown. */
function usedSecondFactor(claims: openid.IDToken): boolean {
  const methods = claims['amr'];
  return Array.isArray(methods) && methods.includes('mfa');
}
