import { InvitationsService, TenantsService, type Caller } from '@hotline/tenancy';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Cookie,
  From,
  GivenOnce,
  Public,
  Request,
  SignInAttempt,
  type HotlineRequest,
} from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import type { SessionCookie } from '../request/session-cookie.js';
import { AcceptInvitationInput, OfferedMembershipResult, type OfferedMembership } from './member.model.js';
import { SignInResult, type SignedIn } from './session.model.js';
import { toSignedIn } from './to-viewer.model.js';

/** For the holder of a link, before they are anybody. */
@Resolver()
export class InvitationResolver {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly tenants: TenantsService,
  ) {}

  @Query(() => OfferedMembershipResult, { description: '链接所邀请的内容 What a link invites to' })
  @Public()
  async invitation(
    @Args('token', { type: () => String, description: '链接中的令牌 Token of the link' }) token: string,
  ): Promise<OfferedMembership | Failure> {
    return orFailure(() => this.invitations.find(token));
  }

  @Mutation(() => SignInResult, { description: '接受邀请并登录 Accept an invitation, and be signed in' })
  @Public()
  @SignInAttempt()
  @GivenOnce()
  async acceptInvitation(
    @Args('input') { token, email, name, password, code }: AcceptInvitationInput,
    @Request() { session }: HotlineRequest,
    @From() caller: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<SignedIn | Failure> {
    return orFailure(async () => {
      const acceptance = {
        ...(email ? { email } : {}),
        ...(name ? { name } : {}),
        ...(password ? { password } : {}),
        ...(code ? { code } : {}),
        ...(session ? { signedInAs: session } : {}),
      };
      return toSignedIn(await this.invitations.accept(token, acceptance, caller), cookie, this.tenants);
    });
  }
}
