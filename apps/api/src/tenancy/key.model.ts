import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsDate, IsOptional, IsString, MaxLength } from 'class-validator';
import { connectionOf } from '../request/connection.js';
import { resultOf } from '../request/failure.model.js';

@ObjectType('ApiKey', {
  description: '程序用的密钥；密钥本身只在生成时显示 A key for programs; it is shown when it is made, and never again',
})
export class ApiKeyModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '密钥开头，用于辨认 Its first characters, to tell keys apart' })
  prefix!: string;
  @Field(() => [String], { description: '权限范围 Scopes' })
  scopes!: string[];
  @Field(() => Date, { description: '生成时间 Made at' })
  createdAt!: Date;
  @Field(() => Date, { nullable: true, description: '失效时间 Void from then on' })
  expiresAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '最近使用，精确到分钟 Last used, to the minute' })
  lastUsedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '吊销时间 Revoked at' })
  revokedAt!: Date | null;
}

@ObjectType({ description: '新密钥 A new key' })
export class CreatedApiKey {
  @Field(() => String, { description: '密钥，只显示这一次 The key, shown this once' })
  secret!: string;
  @Field(() => ApiKeyModel, { description: '密钥的信息 What is known of it' })
  apiKey!: ApiKeyModel;
}

@ObjectType('EmbedKey', {
  description:
    '嵌入用的公开密钥：只能读取已公开的结果 A public key for portals: it opens what was published, and nothing else',
})
export class EmbedKeyModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '密钥，可公开 The key; it is no secret' })
  key!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => [String], { description: '可以显示它的网站 Sites that may show it' })
  origins!: string[];
  @Field(() => Date, { description: '生成时间 Made at' })
  createdAt!: Date;
  @Field(() => Date, { nullable: true, description: '吊销时间 Revoked at' })
  revokedAt!: Date | null;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String, { description: '名称 Name' })
  @IsString()
  @MaxLength(100)
  name!: string;

  @Field(() => [String], {
    description: '权限范围：imports:read、imports:write、assessments:read、assessments:write Scopes',
  })
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  scopes!: string[];

  @Field(() => Date, {
    nullable: true,
    description: '失效时间；默认到吊销为止 Void from then on; by default when revoked',
  })
  @IsOptional()
  @IsDate()
  expiresAt?: Date | null;
}

@InputType()
export class CreateEmbedKeyInput {
  @Field(() => String, { description: '名称 Name' })
  @IsString()
  @MaxLength(100)
  name!: string;

  @Field(() => [String], {
    description: '可以显示它的网站，如 https://www.wuhan.gov.cn Sites that may show it',
  })
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  origins!: string[];
}

export const ApiKeyConnection = connectionOf(ApiKeyModel, 'ApiKey');
export const EmbedKeyConnection = connectionOf(EmbedKeyModel, 'EmbedKey');
export const CreatedApiKeyResult = resultOf(
  CreatedApiKey,
  'CreateApiKeyResult',
  '新密钥，或失败原因 The new key, or why not',
);
export const ApiKeyResult = resultOf(ApiKeyModel, 'ApiKeyResult', '密钥，或失败原因 The key, or why not');
export const EmbedKeyResult = resultOf(EmbedKeyModel, 'EmbedKeyResult', '密钥，或失败原因 The key, or why not');
