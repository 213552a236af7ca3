import {
  PasswordResetsService,
  SecondFactorService,
  SessionsService,
  SignInService,
  TenantsService,
  type Caller,
} from '@hotline/tenancy';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import {
  BeforeSecondFactor,
  Cookie,
  From,
  GivenOnce,
  Needs,
  Public,
  Session,
  SignInAttempt,
  type RequestSession,
} from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import { DoneResult, type Done, type Failure } from '../request/failure.model.js';
import type { SessionCookie } from '../request/session-cookie.js';
import {
  ChangePasswordInput,
  CodeInput,
  PasswordResetRequestInput,
  ResetPasswordInput,
  SecondFactorBegunResult,
  SecondFactorConfirmedResult,
  type SecondFactorBegun,
  type SecondFactorConfirmed,
} from './account.model.js';
import { SignInResult, type SignedIn } from './session.model.js';
import { toSignedIn } from './to-viewer.model.js';

/** A person's own password and second factor, whatever tenants they act for. */
@Resolver()
export class AccountResolver {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
    private readonly resets: PasswordResetsService,
    private readonly secondFactor: SecondFactorService,
    private readonly tenants: TenantsService,
  ) {}

  @Mutation(() => DoneResult, {
    description: '更改密码；本人的全部会话随即结束 Change the password; every session of the person ends',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  @SignInAttempt()
  @GivenOnce()
  async changePassword(
    @Args('input') { current, wanted }: ChangePasswordInput,
    @Session() { accountId }: RequestSession,
    @From() caller: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.signIns.changePassword(accountId, current, wanted, caller);
      cookie.clear();
      return { done: true };
    });
  }

  @Mutation(() => DoneResult, {
    description:
      '索取重设密码的链接；无论有无此账户，回答相同 Ask for a link to set the password; the answer is the same with or without such an account',
  })
  @Public()
  @SignInAttempt()
  @GivenOnce()
  async requestPasswordReset(
    @Args('input') { email }: PasswordResetRequestInput,
    @From() { ip }: Caller,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.resets.request(email, ip);
      return { done: true };
    });
  }

  @Mutation(() => DoneResult, {
    description: '凭链接设新密码；本人的全部会话随即结束 Set a password by a link; every session of the person ends',
  })
  @Public()
  @SignInAttempt()
  @GivenOnce()
  async resetPassword(@Args('input') { token, password }: ResetPasswordInput): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.resets.use(token, password);
      return { done: true };
    });
  }

  @Mutation(() => SecondFactorBegunResult, {
    description: '取得第二因素的密钥，确认后生效 Get the secret of a second factor; it is in force once confirmed',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  @GivenOnce()
  async beginSecondFactor(@Session() { accountId }: RequestSession): Promise<SecondFactorBegun | Failure> {
    return orFailure(async () => this.secondFactor.begin(accountId, await this.signIns.emailOf(accountId)));
  }

  @Mutation(() => SecondFactorConfirmedResult, {
    description: '以一个验证码确认第二因素；会话编号随之更换 Confirm it with a code; the session gets a new id',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  @SignInAttempt()
  @GivenOnce()
  async confirmSecondFactor(
    @Args('input') { code }: CodeInput,
    @Session() { accountId, token }: RequestSession,
    @From() { ip, client }: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<SecondFactorConfirmed | Failure> {
    return orFailure(async () => {
      const recoveryCodes = await this.secondFactor.confirm(accountId, code, ip);
      const renewed = await this.sessions.raise(token, client);
      cookie.set(renewed.token, renewed.expiresAt);
      return { recoveryCodes };
    });
  }

  @Mutation(() => SignInResult, {
    description: '在本次会话中出示第二因素；会话编号随之更换 Show it in this session, which gets a new id',
  })
  @Needs('viewer')
  @BeforeSecondFactor()
  @SignInAttempt()
  @GivenOnce()
  async proveSecondFactor(
    @Args('input') { code }: CodeInput,
    @Session() { accountId, token }: RequestSession,
    @From() { ip, client }: Caller,
    @Cookie() cookie: SessionCookie,
  ): Promise<SignedIn | Failure> {
    return orFailure(async () => {
      await this.secondFactor.require(accountId, code, ip);
      return toSignedIn(await this.sessions.raise(token, client), cookie, this.tenants);
    });
  }

  @Mutation(() => DoneResult, { description: '停用第二因素，须出示验证码 Remove it, with a code of it' })
  @Needs('viewer')
  @BeforeSecondFactor()
  @SignInAttempt()
  @GivenOnce()
  async removeSecondFactor(
    @Args('input') { code }: CodeInput,
    @Session() { accountId }: RequestSession,
    @From() { ip }: Caller,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.secondFactor.remove(accountId, code, ip);
      return { done: true };
    });
  }
}
