import { roles, type Role } from '@hotline/platform';
import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { resultOf } from '../request/failure.model.js';
import { connectionOf } from '../request/connection.js';

/** By name, as GraphQL wants them. */
export const RoleEnum = Object.fromEntries(roles.map((role) => [role, role])) as { readonly [R in Role]: R };
registerEnumType(RoleEnum, {
  name: 'Role',
  description: '角色，后者包含前者 Roles; each includes the ones before it',
  valuesMap: {
    viewer: { description: '查看 Reads' },
    analyst: { description: '数据专员：导入、评估 Imports and assesses' },
    manager: { description: '负责人：提交、计划 Submits and plans' },
    approver: {
      description: '审核人：批准公开（不得批准自己提交的） Publishes, but nothing they submitted themselves',
    },
    administrator: { description: '管理员：成员与密钥 Members and keys' },
  },
});

@ObjectType('Member', { description: '租户的成员 A member of the tenant' })
export class MemberModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '姓名 Name' })
  name!: string;
  @Field(() => RoleEnum, { description: '角色 Role' })
  role!: Role;
  @Field(() => Date, { description: '加入时间 Joined at' })
  createdAt!: Date;
  /** Resolved by a field of its own: administrators only. */
  address!: string | null;
}

@ObjectType('Invitation', { description: '一次邀请 An invitation' })
export class InvitationModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { nullable: true, description: '邮箱 E-mail address' })
  email!: string | null;
  @Field(() => String, { description: '姓名 Name' })
  name!: string;
  @Field(() => RoleEnum, { description: '角色 Role' })
  role!: Role;
  @Field(() => Date, { description: '发出时间 Made at' })
  createdAt!: Date;
  @Field(() => Date, { description: '失效时间 Void from then on' })
  expiresAt!: Date;
  @Field(() => Date, { nullable: true, description: '接受时间 Accepted at' })
  acceptedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '撤回时间 Revoked at' })
  revokedAt!: Date | null;
}

@ObjectType({ description: '已邀请 Invited' })
export class Invited {
  @Field(() => InvitationModel, { description: '邀请 The invitation' })
  invitation!: InvitationModel;
  @Field(() => String, {
    nullable: true,
    description:
      '未配置邮件时由您转交的链接，只显示这一次；已发邮件则为 null Link for you to hand over, shown this once; null when it was sent',
  })
  link!: string | null;
}

@ObjectType({ description: '邀请的内容 What an invitation offers' })
export class OfferedMembership {
  @Field(() => String, { description: '租户名称 Name of the tenant' })
  tenantName!: string;
  @Field(() => String, { description: '租户类别 Kind of tenant' })
  tenantKind!: string;
  @Field(() => String, {
    nullable: true,
    description: '受邀邮箱；为 null 时由接受者填写 Invited address; null: to be named',
  })
  email!: string | null;
  @Field(() => String, { description: '姓名 Name' })
  name!: string;
  @Field(() => RoleEnum, { description: '角色 Role' })
  role!: Role;
  @Field(() => Date, { description: '失效时间 Void from then on' })
  expiresAt!: Date;
  @Field(() => Boolean, {
    description:
      '该邮箱是否已有账户：有则以其密码证明，无则在此设定密码 Whether the address has an account to prove already',
  })
  hasAccount!: boolean;
}

@ObjectType({ description: '重设密码的链接，只显示这一次 A link to set a password, shown this once' })
export class PasswordLink {
  @Field(() => String, { description: '请当面或经可靠途径转交 Hand it over in person or on a safe way' })
  link!: string;
}

@InputType()
export class InviteMemberInput {
  @Field(() => String, { description: '邮箱 E-mail address' })
  @IsString()
  @MaxLength(320)
  email!: string;

  @Field(() => String, { description: '姓名 Name' })
  @IsString()
  @MaxLength(100)
  name!: string;

  @Field(() => RoleEnum, { description: '角色 Role' })
  @IsIn(roles)
  role!: Role;
}

@InputType()
export class AcceptInvitationInput {
  @Field(() => String, { description: '链接中的令牌 Token of the link' })
  @IsString()
  @MaxLength(100)
  token!: string;

  @Field(() => String, {
    nullable: true,
    description:
      '密码：新账户设定之，已有账户凭之证明；以该账户登录时不需要 Sets the password of a new account, proves an old one; not needed when signed in as it',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  password?: string | null;

  @Field(() => String, { nullable: true, description: '已有账户的验证码 Code of an account with a second factor' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  code?: string | null;

  @Field(() => String, { nullable: true, description: '姓名，默认为邀请中的 Name; by default the one invited' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string | null;

  @Field(() => String, { nullable: true, description: '邀请未写明邮箱时填写 Address, where the invitation names none' })
  @IsOptional()
  @IsString()
  @MaxLength(320)
  email?: string | null;
}

export const MemberConnection = connectionOf(MemberModel, 'Member');
export const InvitationConnection = connectionOf(InvitationModel, 'Invitation');
export const InvitedResult = resultOf(Invited, 'InvitedResult', '邀请，或失败原因 The invitation, or why not');
export const InvitationResult = resultOf(
  InvitationModel,
  'InvitationResult',
  '邀请，或失败原因 The invitation, or why not',
);
export const MemberResult = resultOf(MemberModel, 'MemberResult', '成员，或失败原因 The member, or why not');
export const OfferedMembershipResult = resultOf(
  OfferedMembership,
  'OfferedMembershipResult',
  '邀请的内容，或失败原因 What is offered, or why nothing is',
);
export const PasswordLinkResult = resultOf(PasswordLink, 'PasswordLinkResult', '链接，或失败原因 The link, or why not');
