import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsDate, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { connectionOf, PageArgs } from '../request/connection.js';

@ObjectType('AuditChange', { description: '一个字段的前后值 A field before and after' })
export class AuditChangeModel {
  @Field(() => String, { description: '字段 Field' })
  field!: string;

  @Field(() => String, { nullable: true, description: '之前；新建则为 null Before; null when it was made' })
  before!: string | null;

  @Field(() => String, { nullable: true, description: '之后；删除则为 null After; null when it was removed' })
  after!: string | null;
}

@ObjectType('AuditEvent', { description: '一次改动的记录，不可更改 Record of a change, itself unchangeable' })
export class AuditEventModel {
  @Field(() => Int, { description: '本机构内的序号，从 1 起 Place in the chain of this tenant, from 1' })
  seq!: number;

  @Field(() => Date, { description: '时间，以数据库时钟为准 When, by the clock of the database' })
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description: '操作：接口字段、路径或后台任务 Operation: field, route or kind of job, such as revertImport',
  })
  operation!: string | null;

  @Field(() => String, { description: 'insert 新建、update 更改、delete 删除、refuse 拒绝 What was done' })
  action!: string;

  @Field(() => String, { description: '对象种类，如 member、import What it was done to, such as member or import' })
  subject!: string;

  @Field(() => ID, { nullable: true, description: '对象编号 Its id' })
  subjectId!: string | null;

  @Field(() => ID, { nullable: true, description: '账号 Account of who did it' })
  accountId!: string | null;

  @Field(() => String, { nullable: true, description: '成员姓名；已离开则为 null Name, while they are a member' })
  actorName!: string | null;

  @Field(() => ID, { nullable: true, description: '程序密钥 Key with which it was done' })
  apiKeyId!: string | null;

  @Field(() => ID, { nullable: true, description: '后台任务 Job that did it' })
  jobId!: string | null;

  @Field(() => String, { nullable: true, description: '来自的网络地址 Network address it came from' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: '请求编号 Id of the request' })
  requestId!: string | null;

  @Field(() => [AuditChangeModel], { description: '改动的字段 What changed' })
  changes!: AuditChangeModel[];

  @Field(() => String, { description: '本条的 SHA-256，含上一条的 SHA-256 of it and of the one before' })
  hash!: string;
}

export const AuditEventConnection = connectionOf(AuditEventModel, 'AuditEvent');

@InputType({ description: '只看一部分 Only some of them' })
export class AuditFilterInput {
  @Field(() => String, { nullable: true, description: '操作，如 revertImport Operation' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  operation?: string | null;

  @Field(() => String, { nullable: true, description: '对象种类，如 import Kind of what was changed' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  subject?: string | null;

  @Field(() => String, { nullable: true, description: '账号编号 Account of who did it' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  accountId?: string | null;

  @Field(() => Date, { nullable: true, description: '从此时起 From this time' })
  @IsOptional()
  @IsDate()
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: '至此时止，不含 Before this time' })
  @IsOptional()
  @IsDate()
  to?: Date | null;
}

@ArgsType()
export class AuditPageArgs extends PageArgs {
  @Field(() => AuditFilterInput, { nullable: true, description: '条件 Filter' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AuditFilterInput)
  filter?: AuditFilterInput | null;
}

@ObjectType('AuditVerification', { description: '整条记录链的核验 Check of the whole chain' })
export class AuditVerificationModel {
  @Field(() => Int, { description: '记录数 Events' })
  events!: number;

  @Field(() => Int, {
    nullable: true,
    description: '第一条被改动或缺失的序号；null 为完好 First one altered or missing; null: all is whole',
  })
  brokenAt!: number | null;

  @Field(() => String, {
    nullable: true,
    description: '末条的 SHA-256，可另行保存备查 Hash of the last event, to be kept elsewhere',
  })
  head!: string | null;
}
