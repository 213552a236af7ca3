import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { resultOf } from '../request/failure.model.js';

@ObjectType('Membership', { description: '可以代表的一个租户 A tenant one may act for' })
export class MembershipModel {
  @Field(() => ID, { description: '租户编号 Id of the tenant' })
  tenantId!: string;
  @Field(() => String, { description: '租户名称 Name of the tenant' })
  tenantName!: string;
  @Field(() => String, { description: 'city 城市中心、province 省级、operator 运营 Kind of tenant' })
  tenantKind!: string;
  @Field(() => Boolean, { description: '是否演示数据 Whether its data is demo data' })
  demo!: boolean;
  @Field(() => String, { description: '在该租户的角色 Role there' })
  role!: string;
}

@ObjectType('Viewer', { description: '当前登录者 Who is signed in, and for which tenant' })
export class ViewerModel {
  /** Not shown; null for a key. */
  account!: { readonly id: string; readonly secondFactor: boolean } | null;
  @Field(() => ID, { description: '租户编号 Id of the tenant' })
  tenantId!: string;
  @Field(() => String, { description: '租户名称 Name of the tenant' })
  tenantName!: string;
  @Field(() => String, { description: 'city 城市中心、province 省级、operator 运营 Kind of tenant' })
  tenantKind!: string;
  @Field(() => String, { nullable: true, description: '城市代码 City code' })
  cityCode!: string | null;
  @Field(() => Boolean, { description: '是否演示数据 Whether its data is demo data' })
  demo!: boolean;
  @Field(() => [String], { description: '角色 Roles' })
  roles!: string[];
}

@ObjectType({ description: '第二因素的状态 State of the second factor' })
export class SecondFactorState {
  @Field(() => Boolean, { description: '是否已启用 Whether there is one' })
  enabled!: boolean;
  @Field(() => Int, { description: '剩余恢复码 Recovery codes left' })
  recoveryCodes!: number;
  @Field(() => Boolean, { description: '本次登录是否已出示 Whether it was shown in this session' })
  shown!: boolean;
}

@ObjectType({ description: '登录成功，会话在 Cookie 中 Signed in; the session is in the cookie' })
export class SignedIn {
  @Field(() => ViewerModel, { description: '当前登录者 Who is signed in' })
  viewer!: ViewerModel;
  @Field(() => Date, { description: '会话最迟到此时有效 The session ends then at the latest' })
  expiresAt!: Date;
}

@ObjectType({ description: '登录页需要知道的设置 What a page for signing in has to know of the service' })
export class SignInOptions {
  @Field(() => String, {
    description: '本服务的对外地址；会话只在此地址有效 Address of the service; sessions work there only',
  })
  address!: string;
  @Field(() => Boolean, { description: '是否可以统一登录（/auth/start） Whether there is a sign-in provider' })
  provider!: boolean;
  @Field(() => Boolean, {
    description: '能否经邮件重设密码 Whether links to set a password are sent by mail',
  })
  mail!: boolean;
}

@ObjectType('Session', { description: '一个有效的会话 A session that goes on' })
export class SessionModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '所代表的租户 Tenant it acts for' })
  tenantName!: string;
  @Field(() => String, { description: '所用程序自报的名称 What the program calls itself' })
  client!: string;
  @Field(() => Date, { description: '登录时间 Signed in at' })
  createdAt!: Date;
  @Field(() => Date, { description: '最近使用，精确到分钟 Last used, to the minute' })
  usedAt!: Date;
  @Field(() => Date, { description: '最迟结束时间 Ends then at the latest' })
  expiresAt!: Date;
  @Field(() => Boolean, { description: '是否就是本次会话 Whether it is this one' })
  current!: boolean;
}

@InputType()
export class SignInInput {
  @Field(() => String, { description: '邮箱 E-mail address' })
  @IsString()
  @MaxLength(320)
  email!: string;

  @Field(() => String, { description: '密码 Password' })
  @IsString()
  @MaxLength(256)
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: '验证码或恢复码；启用第二因素后必填 Code of the second factor, or a recovery code, where there is one',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  code?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: '代表哪个租户；默认为最早加入的 Tenant to act for; by default the one joined first',
  })
  @IsOptional()
  @IsUUID()
  tenantId?: string | null;
}

export const SignInResult = resultOf(SignedIn, 'SignInResult', '登录结果，或失败原因 Signed in, or why not');
