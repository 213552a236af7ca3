import { Field, ObjectType } from '@nestjs/graphql';
import { IndexModel, NodeModel } from '../assessments/assessment.model.js';

@ObjectType({ description: '已发布结果的一级指标 A level-1 dimension of what is published' })
export class PublishedDimension extends NodeModel {}

@ObjectType('Published', { description: '城市已发布的结果（自评） What a city has published, self-assessed' })
export class PublishedModel {
  @Field(() => String, { description: '城市代码 GB/T 2260 code of the city' })
  cityCode!: string;
  @Field(() => String, { description: '城市名称 Name of the city' })
  cityName!: string;
  @Field(() => String, { description: '城市英文名称 Its name in English' })
  cityNameEn!: string;
  @Field(() => String, { description: '起始日 First day' })
  start!: string;
  @Field(() => String, { description: '截止日（不含） The day after the last' })
  end!: string;
  @Field(() => String, { description: '评估方法 Method' })
  methodology!: string;
  @Field(() => String, { description: '方法版本 Version of the method' })
  methodologyVersion!: string;
  @Field(() => Date, { description: '评估时间 Assessed at' })
  assessedAt!: Date;
  @Field(() => Boolean, { description: '始终为真：本结果为自评 Always true: self-assessed' })
  selfAssessed!: boolean;
  @Field(() => Boolean, { description: '是否演示数据 Whether it stands on demo data' })
  demo!: boolean;
  @Field(() => IndexModel, { description: '总指数 Index' })
  index!: IndexModel;
  @Field(() => [PublishedDimension], { description: '一级指标 Dimensions' })
  dimensions!: PublishedDimension[];
}
