import type { RequestContext, Role, TenantKind } from '@hotline/platform';
import { Injectable } from '@nestjs/common';

/** A tenant an account may act for. */
export interface MemberContext {
  readonly tenantId: string;
  readonly tenantKind: TenantKind;
  readonly tenantName: string;
  readonly isDemo: boolean;
  readonly memberId: string;
  readonly role: Role;
}

export interface SignedIn {
  /** Given to the client once; only its hash is stored. */
  readonly token: string;
  /** When it ends at the latest, however busy it is. */
  readonly expiresAt: Date;
  readonly accountId: string;
  /** The one the session acts for. */
  readonly current: MemberContext;
  readonly contexts: readonly MemberContext[];
}

export type ResolvedSession = Omit<RequestContext, 'requestId'> & { readonly expiresAt: Date };

/** Signing in and out; sessions live in the database, so that ending one works at once everywhere. */
@Injectable()
export class SessionsService {
  /**
   * @param where address of the client, and the tenant to act for when the account has several
   * @throws TenancyError sign_in_failed (whatever was wrong) or sign_in_delayed (with retryAfterSeconds)
   */
  async signIn(_email: string, _password: string, _where: { ip: string; tenantId?: string }): Promise<SignedIn> {
    throw new Error('not there yet');
  }

  /** Null when the token is not one, or has ended. Counts as use. */
  async resolveSession(_token: string): Promise<ResolvedSession | null> {
    throw new Error('not there yet');
  }

  /** A token that has ended is no error. */
  async signOut(_token: string): Promise<void> {
    throw new Error('not there yet');
  }
}
