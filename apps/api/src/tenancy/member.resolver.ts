import type { RequestContext, Role } from '@hotline/platform';
import {
  InvitationsService,
  MembersService,
  PasswordResetsService,
  type InvitationEntity,
  type ListedMember,
} from '@hotline/tenancy';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { decodeCursor, listPage, PageArgs, type Connection } from '../request/connection.js';
import { Context, GivenOnce, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import { DoneResult, type Done, type Failure } from '../request/failure.model.js';
import {
  InvitationConnection,
  InvitationModel,
  InvitationResult,
  InvitedResult,
  InviteMemberInput,
  MemberConnection,
  MemberModel,
  MemberResult,
  PasswordLinkResult,
  RoleEnum,
  type Invited,
  type PasswordLink,
} from './member.model.js';

/** Who belongs to the tenant, and who is invited to. */
@Resolver(() => MemberModel)
export class MemberResolver {
  constructor(
    private readonly members: MembersService,
    private readonly invitations: InvitationsService,
    private readonly resets: PasswordResetsService,
  ) {}

  @Query(() => MemberConnection, { name: 'members', description: '成员，先加入的在前 Members, in the order they came' })
  @Needs('viewer')
  async list(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<MemberModel>> {
    const found = (await this.members.list(ctx)).map(toMember);
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @ResolveField(() => String, { nullable: true, description: '邮箱，仅管理员可见 Address; for administrators only' })
  @Needs('administrator')
  email(@Parent() { address }: MemberModel): string | null {
    return address;
  }

  @Mutation(() => MemberResult, {
    description: '更改角色；其会话随即结束 Change a member’s role; their sessions end',
  })
  @Needs('administrator')
  async changeMemberRole(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '成员编号 Id of the member' }) id: string,
    @Args('role', { type: () => RoleEnum, description: '新角色 The new role' }) role: Role,
  ): Promise<MemberModel | Failure> {
    return orFailure(async () => toMember({ entity: await this.members.changeRole(ctx, id, role), email: null }));
  }

  @Mutation(() => DoneResult, { description: '移除成员，立即生效 Remove a member, at once' })
  @Needs('administrator')
  async removeMember(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '成员编号 Id of the member' }) id: string,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.members.remove(ctx, id);
      return { done: true };
    });
  }

  @Mutation(() => PasswordLinkResult, {
    description: '为只属于本租户的成员生成重设密码的链接 A password link for a member of this tenant and no other',
  })
  @Needs('administrator')
  @GivenOnce()
  async createPasswordLink(
    @Context() ctx: RequestContext,
    @Args('memberId', { type: () => ID, description: '成员编号 Id of the member' }) memberId: string,
  ): Promise<PasswordLink | Failure> {
    return orFailure(async () => ({ link: await this.resets.linkFor(ctx, memberId) }));
  }

  @Query(() => InvitationConnection, { name: 'invitations', description: '邀请，新的在前 Invitations, newest first' })
  @Needs('administrator')
  async listInvitations(@Context() ctx: RequestContext, @Args() page: PageArgs): Promise<Connection<InvitationModel>> {
    const found = (await this.invitations.list(ctx)).map(toInvitation);
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @Mutation(() => InvitedResult, {
    description:
      '邀请成员：链接 72 小时内有效，只能使用一次 Invite a member by a link that works once, within 72 hours',
  })
  @Needs('administrator')
  @GivenOnce()
  async inviteMember(
    @Context() ctx: RequestContext,
    @Args('input') input: InviteMemberInput,
  ): Promise<Invited | Failure> {
    return orFailure(async () => {
      const { invitation, link } = await this.invitations.invite(ctx, input);
      return { invitation: toInvitation(invitation), link };
    });
  }

  @Mutation(() => InvitationResult, { description: '撤回邀请 Revoke an invitation' })
  @Needs('administrator')
  async revokeInvitation(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '邀请编号 Id of the invitation' }) id: string,
  ): Promise<InvitationModel | Failure> {
    return orFailure(async () => toInvitation(await this.invitations.revoke(ctx, id)));
  }
}

function toMember({ entity: { id, name, role, createdAt }, email }: ListedMember): MemberModel {
  return { id, name, role, createdAt, address: email };
}

export function toInvitation(entity: InvitationEntity): InvitationModel {
  const { id, email, name, role, createdAt, expiresAt, acceptedAt, revokedAt } = entity;
  return { id, email, name, role, createdAt, expiresAt, acceptedAt, revokedAt };
}
