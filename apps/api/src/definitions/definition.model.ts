import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Matches } from 'class-validator';

@ObjectType({ description: '口径的一种选择 One answer to a question of definition' })
export class DefinitionChoiceModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: '内容 In Chinese' })
  name!: string;
  @Field(() => String, { description: '英文 In English' })
  nameEn!: string;
}

@ObjectType({ description: '统计口径的一个问题 A question that figures of the same name answer differently' })
export class DefinitionTopicModel {
  @Field(() => ID, { description: '代码 Id' })
  id!: string;
  @Field(() => String, { description: '问题 In Chinese' })
  name!: string;
  @Field(() => String, { description: '英文 In English' })
  nameEn!: string;
  @Field(() => [DefinitionChoiceModel], {
    description:
      '可选口径；第一个是方法的口径，未说明时以它为推定 The choices; the first, that of the method, is assumed where none is stated',
  })
  choices!: DefinitionChoiceModel[];
}

@ObjectType({ description: '某问题上所依据的口径 What figures follow in one question' })
export class FollowedDefinitionModel {
  @Field(() => ID, { description: '问题代码 Id of the question' })
  topic!: string;
  @Field(() => String, { description: '问题 The question in Chinese' })
  name!: string;
  @Field(() => String, { description: '英文 In English' })
  nameEn!: string;
  @Field(() => [DefinitionChoiceModel], {
    description: '口径；各文件不一致时有多个 What they follow; several where the files differ',
  })
  choices!: DefinitionChoiceModel[];
  @Field(() => Boolean, { description: '否：无人说明，属推定 False: nobody stated it, it is an assumption' })
  stated!: boolean;
}

@InputType({ description: '说明数据所依据的口径 What the figures follow in one question' })
export class DefinitionInput {
  @Field(() => String, { description: '问题代码 Id of the question' })
  @Matches(/^[a-z0-9_]{1,60}$/)
  topic!: string;

  @Field(() => String, { description: '口径代码 Id of the choice' })
  @Matches(/^[a-z0-9_]{1,60}$/)
  choice!: string;
}
