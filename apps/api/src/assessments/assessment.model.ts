import { Field, Float, ID, Int, InputType, ObjectType, createUnionType, registerEnumType } from '@nestjs/graphql';
import { IsString, MaxLength, Matches, IsOptional } from 'class-validator';
import { FollowedDefinitionModel } from '../definitions/definition.model.js';
import { GraphQLBigInt } from '../request/big-int.scalar.js';
import { connectionOf } from '../request/connection.js';
import { Failure } from '../request/failure.model.js';

export enum ObservationState {
  observed = 'observed',
  too_few = 'too_few',
  not_observed = 'not_observed',
}
registerEnumType(ObservationState, {
  name: 'ObservationState',
  description: '观测状态 State of an observation',
  valuesMap: {
    observed: { description: '已观测 Value and score are given' },
    too_few: { description: '样本不足，只显示 n Rows exist, but too few; only n is shown' },
    not_observed: { description: '未观测 Nothing usable' },
  },
});

@ObjectType({ description: '区间：取值与得分 Bounds of the value and of the score' })
export class IntervalModel {
  @Field(() => Float, { description: '取值下界 Lower bound of the value' })
  low!: number;
  @Field(() => Float, { description: '取值上界 Upper bound of the value' })
  high!: number;
  @Field(() => Float, { description: '得分下界 Lower bound of the score' })
  scoreLow!: number;
  @Field(() => Float, { description: '得分上界 Upper bound of the score' })
  scoreHigh!: number;
}

@ObjectType({ description: '一个时段 One day period' })
export class StratumModel {
  @Field(() => String, { description: '时段代码 Id of the day period' })
  id!: string;
  @Field(() => Int, { description: '行数 Rows' })
  n!: number;
  @Field(() => Float, { nullable: true, description: '均分；低于最低行数时为 null Mean score; null below the minimum' })
  mean!: number | null;
}

@ObjectType({ description: '一天的数 The figures of one day' })
export class DayModel {
  @Field(() => String, { description: '上海日历日 Shanghai calendar day' })
  day!: string;
  @Field(() => GraphQLBigInt, { description: '行数；按日汇总数据为分母 Rows; of daily totals the denominator' })
  n!: number;
  @Field(() => Float, { description: '当日合计：命中数、得分和或数量 Sum of the day: hits, scores or counts' })
  total!: number;
}

@ObjectType({ description: '由一种方法给出的一段日子 A span of days that one method gives' })
export class SourceSpanModel {
  @Field(() => String, { description: '方法编号 Id of the method' })
  method!: string;
  @Field(() => String, { description: '数据集 Dataset' })
  dataset!: string;
  @Field(() => String, { description: '起始日 First day' })
  start!: string;
  @Field(() => String, { description: '截止日（不含） The day after the last' })
  end!: string;
}

@ObjectType({ description: '一份生效文件 A file in force' })
export class EvidenceFileModel {
  @Field(() => ID, { description: '导入编号 Id of the import' })
  importId!: string;
  @Field(() => String, { description: '文件名 File name' })
  file!: string;
  @Field(() => String, { description: '数据集 Dataset' })
  dataset!: string;
  @Field(() => String, { description: '文件内容的 SHA-256 SHA-256 of the bytes' })
  sha256!: string;
  @Field(() => Date, { description: '上传时间 Uploaded at' })
  uploadedAt!: Date;
  @Field(() => String, { description: '上传人 Who sent it' })
  uploadedBy!: string;
  @Field(() => Int, { description: '接受的行 Rows accepted' })
  accepted!: number;
  @Field(() => Int, { description: '拒绝的行 Rows refused' })
  refused!: number;
  @Field(() => Int, { description: '被替换的重复行 Duplicates replaced' })
  duplicates!: number;
  @Field(() => [FollowedDefinitionModel], { description: '数据所依据的统计口径 What its figures follow' })
  definition!: FollowedDefinitionModel[];
}

@ObjectType({
  description: '同一指标在另一口径下的值，不计入指数 An indicator under another definition; not scored into the index',
})
export class AlternativeModel {
  @Field(() => String, { description: '依据哪种方法的数据 Method whose rows it stands on' })
  method!: string;
  @Field(() => [FollowedDefinitionModel], { description: '口径 What it follows' })
  definition!: FollowedDefinitionModel[];
  @Field(() => Float, { description: '取值，全精度 Value in full precision' })
  value!: number;
  @Field(() => Float, { description: '得分 0–100 Score 0–100' })
  score!: number;
  @Field(() => GraphQLBigInt, { description: '样本数 Number of rows' })
  n!: number;
  @Field(() => Float, { nullable: true, description: '分子 Numerator' })
  numerator!: number | null;
  @Field(() => Float, { nullable: true, description: '分母 Denominator' })
  denominator!: number | null;
}

@ObjectType({ isAbstract: true })
abstract class ObservationModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => ObservationState, { description: '状态 State' })
  state!: ObservationState;
  @Field(() => Float, { nullable: true, description: '取值，全精度 Value in full precision' })
  value!: number | null;
  @Field(() => String, { description: '取值单位 Unit of the value' })
  unit!: string;
  @Field(() => Float, { nullable: true, description: '得分 0–100，全精度 Score 0–100 in full precision' })
  score!: number | null;
  @Field(() => GraphQLBigInt, { description: '样本数 Number of rows or days' })
  n!: number;
  @Field(() => Float, { nullable: true, description: '分子 Numerator' })
  numerator!: number | null;
  @Field(() => Float, { nullable: true, description: '分母 Denominator' })
  denominator!: number | null;
  @Field(() => String, { nullable: true, description: '所用方法 Method that decided' })
  method!: string | null;
  @Field(() => [String], { description: '标记 Flags' })
  flags!: string[];
  @Field(() => [SourceSpanModel], {
    description:
      '各日所依据的方法，按日期排列，每天只计一次；全部由 method 给出时为空 Which method gives which days, in their order; each day counts once; empty where `method` gives them all',
  })
  sources!: SourceSpanModel[];
  @Field(() => [FollowedDefinitionModel], { description: '数据所依据的统计口径 What its figures follow' })
  definition!: FollowedDefinitionModel[];
  @Field(() => [AlternativeModel], {
    description: '同一指标在其他口径下的值 The same indicator under other definitions',
  })
  alternatives!: AlternativeModel[];
  @Field(() => IntervalModel, { nullable: true, description: '95% 区间（Wilson） Wilson 95 % interval' })
  wilson!: IntervalModel | null;
  @Field(() => IntervalModel, { nullable: true, description: '95% 区间（自助法） Bootstrap 95 % interval' })
  interval!: IntervalModel | null;
  @Field(() => [StratumModel], { description: '各时段 Day periods' })
  strata!: StratumModel[];
}

@ObjectType('IndicatorComponent', { description: '指标的组成部分 Part of an indicator' })
export class ComponentModel extends ObservationModel {
  @Field(() => Float, { description: '在指标中的权重 Weight within the indicator' })
  weight!: number;
}

@ObjectType('Indicator', { description: '三级指标的观测与得分 An indicator as observed' })
export class IndicatorModel extends ObservationModel {
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;
  @Field(() => Float, { description: '在二级指标中的权重 Weight within the element' })
  weight!: number;
  @Field(() => String, {
    description: '权重依据：published、standard、benchmark、inferred、assumption（推定） Kind of the weight',
  })
  weightKind!: string;
  @Field(() => String, { description: '方向 higher 或 lower Which way is better' })
  direction!: string;
  @Field(() => [ComponentModel], { description: '组成部分 Components' })
  components!: ComponentModel[];
  @Field(() => [EvidenceFileModel], { description: '来源文件 Files it comes from' })
  files!: EvidenceFileModel[];
}

@ObjectType({ isAbstract: true })
export abstract class NodeModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;
  @Field(() => Float, { description: '在上级中的权重 Weight within the parent' })
  weight!: number;
  @Field(() => String, { description: '权重依据 Kind of the weight' })
  weightKind!: string;
  @Field(() => Boolean, { description: '是否评级 Whether it is rated' })
  rated!: boolean;
  @Field(() => Float, { nullable: true, description: '得分，全精度 Score in full precision' })
  score!: number | null;
  @Field(() => String, { nullable: true, description: '显示值，两位小数 As shown, two decimals' })
  display!: string | null;
  @Field(() => Float, { description: '数据覆盖率 0–1 Coverage 0–1' })
  coverage!: number;
}

@ObjectType('Element', { description: '二级指标 Level-2 element' })
export class ElementModel extends NodeModel {
  @Field(() => [IndicatorModel], { description: '三级指标 Its indicators' })
  indicators!: IndicatorModel[];
}

@ObjectType('Dimension', { description: '一级指标 Level-1 dimension' })
export class DimensionModel extends NodeModel {
  @Field(() => [ElementModel], { description: '二级指标 Its elements' })
  elements!: ElementModel[];
}

@ObjectType({ description: '达到某等级或更高的可能性 Probability of a grade or a better one' })
export class GradeProbabilityModel {
  @Field(() => String, { description: '等级 Grade' })
  grade!: string;
  @Field(() => Float, { description: '可能性 0–1 Probability 0–1' })
  probability!: number;
}

@ObjectType('Index', { description: '总指数与等级（自评） Index and grade (self-assessed)' })
export class IndexModel {
  @Field(() => Boolean, { description: '是否评级 Whether it is rated' })
  rated!: boolean;
  @Field(() => Float, { nullable: true, description: '指数，全精度 Index in full precision' })
  score!: number | null;
  @Field(() => String, {
    nullable: true,
    description: '显示值，不会越过更高等级的分数线 As shown, never rounded up across a cut-off',
  })
  display!: string | null;
  @Field(() => Float, { description: '数据覆盖率 0–1 Coverage 0–1' })
  coverage!: number;
  @Field(() => String, { nullable: true, description: '等级；分数线为推定 Grade; the cut-offs are assumptions' })
  grade!: string | null;
  @Field(() => Float, { nullable: true, description: '95% 区间下界 Lower bound of the 95 % interval' })
  low!: number | null;
  @Field(() => Float, { nullable: true, description: '95% 区间上界 Upper bound of the 95 % interval' })
  high!: number | null;
  @Field(() => [GradeProbabilityModel], { description: '达到各等级的可能性 Probabilities of the grades' })
  gradeOrBetter!: GradeProbabilityModel[];
}

@ObjectType('Recommendation', { description: '改进建议 Recommendation' })
export class RecommendationModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: '内容 Text' })
  text!: string;
  @Field(() => [String], { description: '触发它的指标 Indicators that call it up' })
  triggeredBy!: string[];
  @Field(() => Float, { description: '优先度 Priority' })
  priority!: number;
  @Field(() => Float, { nullable: true, description: '指数可提升的分数 Index points to be won' })
  gain!: number | null;
}

@ObjectType('Assessment', { description: '评估结果，不可更改（自评） An immutable result, self-assessed' })
export class AssessmentModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '起始日 First day' })
  start!: string;
  @Field(() => String, { description: '截止日（不含） The day after the last' })
  end!: string;
  @Field(() => String, { description: '评估方法 Method' })
  methodology!: string;
  @Field(() => String, { description: '方法版本 Version of the method' })
  methodologyVersion!: string;
  @Field(() => String, { description: '方法摘要 Digest of the method' })
  methodologyDigest!: string;
  @Field(() => String, {
    description: '内容哈希：数据与方法相同则相同 Content hash: the same data and method give the same',
  })
  contentHash!: string;
  @Field(() => Date, { description: '评估时间 Assessed at' })
  assessedAt!: Date;
  @Field(() => Boolean, { description: '始终为真：本结果为自评 Always true: self-assessed' })
  selfAssessed!: boolean;
  @Field(() => Boolean, { description: '是否演示数据 Whether it stands on demo data' })
  demo!: boolean;
  @Field(() => IndexModel, { description: '总指数 Index' })
  index!: IndexModel;
  @Field(() => [DimensionModel], { description: '一级指标 Dimensions' })
  dimensions!: DimensionModel[];
  @Field(() => [RecommendationModel], { description: '改进建议，按优先度 Recommendations by priority' })
  recommendations!: RecommendationModel[];
  @Field(() => [EvidenceFileModel], { description: '评估时生效的全部文件 All files in force at the time' })
  imports!: EvidenceFileModel[];
  @Field(() => String, {
    description:
      '完整计算过程（JSON 文本），与命令行输出同形 The full trace as JSON text, in the shape of the command line',
  })
  trace!: string;
}

@ObjectType({ description: '评估已开始；完成后可按任务编号取得 The assessment has begun' })
export class AssessmentStarted {
  @Field(() => ID, { description: '任务编号 Id of the job' })
  jobId!: string;
}

@InputType()
export class AssessInput {
  @Field(() => String, { description: '起始日 YYYY-MM-DD First day' })
  @IsString()
  @MaxLength(20)
  start!: string;

  @Field(() => String, { description: '截止日（不含） YYYY-MM-DD The day after the last' })
  @IsString()
  @MaxLength(20)
  end!: string;

  @Field(() => String, { nullable: true, description: '评估方法，默认为现行方法 Method; the current one by default' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,60}$/)
  methodology?: string | null;
}

export const AssessmentConnection = connectionOf(AssessmentModel, 'Assessment');

export const AssessResult = createUnionType({
  name: 'AssessResult',
  description:
    '评估结果；十秒内未完成则为任务；或失败原因 The assessment; its job when it takes more than ten seconds; or why not',
  types: () => [AssessmentModel, AssessmentStarted, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : 'jobId' in value ? AssessmentStarted : AssessmentModel),
});
