import { ArgsType, Field, Float, ID, Int, ObjectType, createUnionType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsOptional } from 'class-validator';
import { connectionOf, PageArgs } from '../request/connection.js';
import { Failure } from '../request/failure.model.js';

export enum JobState {
  QUEUED = 'queued',
  RUNNING = 'running',
  DONE = 'done',
  FAILED = 'failed',
  CANCELLED = 'cancelled',
}
registerEnumType(JobState, { name: 'JobState', description: '任务的状态 State of a job' });

@ObjectType('JobProgress', {
  description: '一次尝试的进度；各数不会倒退 How far an attempt is; nothing of it goes back',
})
export class JobProgressModel {
  @Field(() => String, { description: '步骤 Step, such as merge' })
  step!: string;

  @Field(() => Float, { description: '该步骤已完成的数量 How much of the step is done' })
  done!: number;

  @Field(() => Float, { description: '该步骤的总数量 Out of so much' })
  total!: number;

  @Field(() => Float, { description: '全部工作的完成比例，0–1 Share of all the work, 0–1' })
  share!: number;

  @Field(() => Float, { nullable: true, description: '该步骤每秒完成的数量 How much of the step per second' })
  perSecond!: number | null;

  @Field(() => Float, { nullable: true, description: '按目前速度还需的秒数 Seconds left at the pace so far' })
  secondsLeft!: number | null;
}

@ObjectType('Job', {
  description: '后台任务：检查、生效、撤销、评估 Work in the background: check, commit, revert, assess',
})
export class JobModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => String, { description: '种类 Kind, such as check-import' })
  kind!: string;

  @Field(() => String, {
    description: '对象：导入的编号，或评估的时段 What it is about: id of an import, or period of an assessment',
  })
  subject!: string;

  @Field(() => JobState, { description: '状态 State' })
  state!: JobState;

  @Field(() => Int, { description: '第几次尝试，0 为尚未开始 Which attempt, 0 before the first' })
  attempt!: number;

  @Field(() => JobProgressModel, { nullable: true, description: '进度；未开始则为 null Null before it starts' })
  progress!: JobProgressModel | null;

  @Field(() => Boolean, { description: '已要求取消 Its end was asked for' })
  cancelRequested!: boolean;

  @Field(() => Failure, { nullable: true, description: '失败的原因 Why it failed; null while it has not' })
  failure!: Failure | null;

  @Field(() => Date, { description: '提出的时间 When it was asked for' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: '本次尝试开始的时间 When the present attempt started' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: '结束的时间 When it ended' })
  finishedAt!: Date | null;
}

@ArgsType()
export class JobPageArgs extends PageArgs {
  @Field(() => [JobState], { nullable: true, description: '只看这些状态 Only in these states' })
  @IsOptional()
  @IsEnum(JobState, { each: true })
  states?: JobState[] | null;
}

export const JobConnection = connectionOf(JobModel, 'Job');

export const JobResult = createUnionType({
  name: 'JobResult',
  description: '任务或失败 A job or a failure',
  types: () => [JobModel, Failure] as const,
  resolveType: (value: JobModel | Failure) => ('code' in value ? Failure : JobModel),
});
