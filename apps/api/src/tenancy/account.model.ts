import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';
import { resultOf } from '../request/failure.model.js';

@ObjectType({ description: '待确认的第二因素，只显示这一次 A second factor to be confirmed, shown this once' })
export class SecondFactorBegun {
  @Field(() => String, { description: '密钥（Base32） Secret in Base32' })
  secret!: string;
  @Field(() => String, { description: '供认证器扫描的 otpauth:// 地址 Address for an authenticator to scan' })
  address!: string;
}

@ObjectType({ description: '第二因素已启用 The second factor is in force' })
export class SecondFactorConfirmed {
  @Field(() => [String], {
    description: '恢复码，只显示这一次，每个用一次 Recovery codes, shown this once, each good for once',
  })
  recoveryCodes!: string[];
}

@InputType()
export class ChangePasswordInput {
  @Field(() => String, { description: '现密码 The current one' })
  @IsString()
  @MaxLength(256)
  current!: string;

  @Field(() => String, { description: '新密码，8 至 128 个字符 The new one, 8 to 128 characters' })
  @IsString()
  @MaxLength(256)
  wanted!: string;
}

@InputType()
export class ResetPasswordInput {
  @Field(() => String, { description: '链接中的令牌 Token of the link' })
  @IsString()
  @MaxLength(100)
  token!: string;

  @Field(() => String, { description: '新密码，8 至 128 个字符 The new password, 8 to 128 characters' })
  @IsString()
  @MaxLength(256)
  password!: string;
}

@InputType()
export class CodeInput {
  @Field(() => String, {
    description: '认证器的六位数字，或恢复码 Six digits of the authenticator, or a recovery code',
  })
  @IsString()
  @MaxLength(40)
  code!: string;
}

@InputType()
export class PasswordResetRequestInput {
  @Field(() => String, { description: '邮箱 E-mail address' })
  @IsString()
  @MaxLength(320)
  email!: string;
}

export const SecondFactorBegunResult = resultOf(
  SecondFactorBegun,
  'SecondFactorBegunResult',
  '待确认的第二因素，或失败原因 The second factor to confirm, or why not',
);

export const SecondFactorConfirmedResult = resultOf(
  SecondFactorConfirmed,
  'SecondFactorConfirmedResult',
  '恢复码，或失败原因 The recovery codes, or why not',
);
