import { createUnionType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';
import { Failure } from '../request/failure.model.js';

@ObjectType('Viewer', { description: '当前登录者 Who is signed in, and for which tenant' })
export class ViewerModel {
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

@ObjectType({ description: '登录成功，会话在 Cookie 中 Signed in; the session is in the cookie' })
export class SignedIn {
  @Field(() => ViewerModel, { description: '当前登录者 Who is signed in' })
  viewer!: ViewerModel;
  @Field(() => Date, { description: '会话最迟到此时有效 The session ends then at the latest' })
  expiresAt!: Date;
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
}

export const SignInResult = createUnionType({
  name: 'SignInResult',
  description: '登录结果，或失败原因 Signed in, or why not',
  types: () => [SignedIn, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : SignedIn),
});
