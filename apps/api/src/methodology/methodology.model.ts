import { Field, Float, ID, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: '赋分曲线上的一点 A point of a curve' })
export class CurvePointModel {
  @Field(() => Float, { description: '取值 Value' })
  x!: number;
  @Field(() => Float, { description: '得分 Score' })
  score!: number;
  @Field(() => String, { description: '取值的依据 Kind of x' })
  kind!: string;
}

@ObjectType({ isAbstract: true })
abstract class WeightedModel {
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
}

@ObjectType({ description: '方法中的三级指标 An indicator of the method' })
export class MethodIndicatorModel extends WeightedModel {
  @Field(() => String, { description: '二级指标代码 Id of the element' })
  parent!: string;
  @Field(() => String, { description: '单位 Unit' })
  unit!: string;
  @Field(() => String, { description: '方向 higher 或 lower Which way is better' })
  direction!: string;
  @Field(() => String, { description: '说明 In words' })
  description!: string;
  @Field(() => String, { description: '英文说明 In words, in English' })
  descriptionEn!: string;
  @Field(() => [CurvePointModel], {
    description: '赋分曲线；由组成部分赋分的为空 Curve; empty where the components carry their own',
  })
  curve!: CurvePointModel[];
}

@ObjectType({ description: '方法中的二级指标 An element of the method' })
export class MethodElementModel extends WeightedModel {
  @Field(() => String, { description: '一级指标代码 Id of the dimension' })
  parent!: string;
}

@ObjectType({ description: '方法中的一级指标 A dimension of the method' })
export class MethodDimensionModel extends WeightedModel {}

@ObjectType({ description: '等级及其分数线 A grade and its cut-off' })
export class GradeModel {
  @Field(() => String, { description: '等级 Grade' })
  grade!: string;
  @Field(() => Float, { description: '分数线 Lowest index' })
  minScore!: number;
  @Field(() => String, { description: '依据；assumption 即推定 Kind' })
  kind!: string;
}

@ObjectType('Methodology', { description: '评估方法的一个版本 A version of the method' })
export class MethodologyModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '版本 Version' })
  version!: string;
  @Field(() => String, { description: '内容摘要 Digest of the content' })
  digest!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '英文名称 Name in English' })
  nameEn!: string;
  @Field(() => String, { description: '声明 Statement' })
  statement!: string;
  @Field(() => String, { description: '英文声明 Statement in English' })
  statementEn!: string;
  @Field(() => [MethodDimensionModel], { description: '一级指标 Dimensions' })
  dimensions!: MethodDimensionModel[];
  @Field(() => [MethodElementModel], { description: '二级指标 Elements' })
  elements!: MethodElementModel[];
  @Field(() => [MethodIndicatorModel], { description: '三级指标 Indicators' })
  indicators!: MethodIndicatorModel[];
  @Field(() => [GradeModel], { description: '等级，由高到低 Grades, best first' })
  grades!: GradeModel[];
}
