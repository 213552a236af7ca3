import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { IndexModel, ObservationState } from '../assessments/assessment.model.js';
import { GraphQLBigInt } from '../request/big-int.scalar.js';
import { connectionOf } from '../request/connection.js';
import { resultOf } from '../request/failure.model.js';

export enum SubmissionStatusEnum {
  submitted = 'submitted',
  returned = 'returned',
  published = 'published',
  withdrawn = 'withdrawn',
}
registerEnumType(SubmissionStatusEnum, {
  name: 'SubmissionStatus',
  description: '提交的状态 What became of a submission',
  valuesMap: {
    submitted: { description: '已提交 Handed in' },
    returned: { description: '被省级主管退回 Returned by the province for correction' },
    published: { description: '已发布 Public' },
    withdrawn: { description: '发布后撤回，或被同期的新结果取代 Taken back, or replaced by another of its period' },
  },
});

export enum FigureLevel {
  dimension = 'dimension',
  element = 'element',
  indicator = 'indicator',
}
registerEnumType(FigureLevel, { name: 'FigureLevel', description: '指标级别 Level of a figure' });

@ObjectType('SubmittedFigure', { description: '提交的一个数：得分、取值及其依据的多少 A figure as submitted' })
export class SubmittedFigureModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;

  @Field(() => FigureLevel, { description: '级别 Level' })
  level!: FigureLevel;

  @Field(() => String, { description: '名称 Name' })
  name!: string;

  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;

  @Field(() => Float, { nullable: true, description: '得分 0–100，未评级为 null Score; null when not rated' })
  score!: number | null;

  @Field(() => Float, { nullable: true, description: '三级指标的取值 Value of an indicator' })
  value!: number | null;

  @Field(() => String, { nullable: true, description: '取值单位 Unit of the value' })
  unit!: string | null;

  @Field(() => GraphQLBigInt, { nullable: true, description: '三级指标的样本数 Rows or days behind an indicator' })
  n!: number | null;

  @Field(() => ObservationState, { nullable: true, description: '三级指标的观测状态 State of an indicator' })
  state!: ObservationState | null;

  @Field(() => Float, { nullable: true, description: '数据覆盖率 0–1，限一二级 Coverage of a dimension or element' })
  coverage!: number | null;
}

@ObjectType('SubmissionReview', { description: '省级主管的意见 What the province wrote' })
export class SubmissionReviewModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => String, { description: 'comment 意见，return 退回 Comment or return' })
  kind!: string;

  @Field(() => String, { description: '内容 Text' })
  text!: string;

  @Field(() => String, { description: '署名 By whom' })
  writtenByName!: string;

  @Field(() => Date, { description: '时间 When' })
  writtenAt!: Date;
}

@ObjectType('Publication', { description: '一次发布 An approval' })
export class PublicationModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => Date, { description: '批准时间 When it was approved' })
  approvedAt!: Date;

  @Field(() => String, { description: '批准人 By whom' })
  approvedByName!: string;

  @Field(() => Date, { nullable: true, description: '撤回时间 When it was taken back' })
  withdrawnAt!: Date | null;

  @Field(() => String, { nullable: true, description: '撤回人 By whom' })
  withdrawnByName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '撤回原因；被取代则为 null Why; null where another of its period replaced it',
  })
  withdrawalReason!: string | null;
}

@ObjectType('Submission', { description: '提交的评估结果，不可更改（自评） An assessment as handed in' })
export class SubmissionModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => ID, { description: '评估编号 Id of the assessment' })
  assessmentId!: string;

  @Field(() => Int, { description: '该评估第几次提交 How often this assessment was handed in' })
  attempt!: number;

  @Field(() => String, { description: '城市代码 City code' })
  cityCode!: string;

  @Field(() => String, { description: '城市 City' })
  cityName!: string;

  @Field(() => String, { description: '起始日 First day' })
  start!: string;

  @Field(() => String, { description: '截止日（不含） The day after the last' })
  end!: string;

  @Field(() => String, { description: '方法 Method' })
  methodology!: string;

  @Field(() => String, { description: '方法版本 Version of the method' })
  methodologyVersion!: string;

  @Field(() => String, { description: '内容的 SHA-256 Hash of the assessment' })
  contentHash!: string;

  @Field(() => Boolean, { description: '是否演示数据 Whether it is demo data' })
  demo!: boolean;

  @Field(() => SubmissionStatusEnum, { description: '状态 Status' })
  status!: SubmissionStatusEnum;

  @Field(() => Date, { description: '提交时间 When it was handed in' })
  submittedAt!: Date;

  @Field(() => String, { description: '提交人 By whom' })
  submittedByName!: string;

  @Field(() => PublicationModel, { nullable: true, description: '最近一次发布 The latest approval' })
  publication!: PublicationModel | null;

  @Field(() => IndexModel, { description: '总指数与等级 Index and grade' })
  index!: IndexModel;

  @Field(() => [SubmittedFigureModel], { description: '一、二、三级指标 Dimensions, elements, indicators' })
  figures!: SubmittedFigureModel[];
}

export const SubmissionConnection = connectionOf(SubmissionModel, 'Submission');
export const SubmissionResult = resultOf(
  SubmissionModel,
  'SubmissionResult',
  '提交，或失败原因 A submission, or why not',
);

@ObjectType('SubmittedPeriod', { description: '有城市提交过的评估时段 A period of which there are submissions' })
export class SubmittedPeriodModel {
  @Field(() => String, { description: '起始日 First day' })
  start!: string;

  @Field(() => String, { description: '截止日（不含） The day after the last' })
  end!: string;
}

@ObjectType('ProvinceMatrixRow', { description: '一个城市 A city' })
export class ProvinceMatrixRowModel {
  @Field(() => String, { description: '城市代码 City code' })
  cityCode!: string;

  @Field(() => String, { description: '城市 City' })
  cityName!: string;

  @Field(() => String, { description: '英文名 City in English' })
  cityNameEn!: string;

  @Field(() => Date, { description: '何时起归本省查看 Since when this office sees it' })
  since!: Date;

  @Field(() => SubmissionModel, {
    nullable: true,
    description: '该时段最新的提交；null 为尚未提交 Its newest submission of the period; null: none yet',
  })
  submission!: SubmissionModel | null;
}

@ObjectType('ProvinceMatrix', { description: '本省各城市一个时段的提交 The cities of a province in one period' })
export class ProvinceMatrixModel {
  @Field(() => SubmittedPeriodModel, {
    nullable: true,
    description: '时段；从无提交则为 null Null: no submission ever',
  })
  period!: SubmittedPeriodModel | null;

  @Field(() => [SubmittedPeriodModel], { description: '可选的时段，新的在前 Periods there are, latest first' })
  periods!: SubmittedPeriodModel[];

  @Field(() => [ProvinceMatrixRowModel], { description: '各城市，按代码 Every city, by code' })
  rows!: ProvinceMatrixRowModel[];
}

const day = /^\d{4}-\d{2}-\d{2}$/;

@ArgsType()
export class PeriodArgs {
  @Field(() => String, {
    nullable: true,
    description: '起始日；不填为最新的时段 First day; the latest period if left out',
  })
  @IsOptional()
  @Matches(day)
  start?: string | null;

  @Field(() => String, { nullable: true, description: '截止日（不含） The day after the last' })
  @IsOptional()
  @Matches(day)
  end?: string | null;
}
