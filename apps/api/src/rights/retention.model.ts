import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { resultOf } from '../request/failure.model.js';

@ObjectType('RetentionRule', { description: '一个数据集的明细保存多久 How long the rows of a dataset are kept' })
export class RetentionRuleModel {
  @Field(() => String, { description: '数据集 Dataset' })
  dataset!: string;
  @Field(() => Int, {
    nullable: true,
    description: '保存几个月，当月不计；空表示一直保存 Months that are kept beside the present one; null: for ever',
  })
  months!: number | null;
  @Field(() => Date, {
    nullable: true,
    description: '自此生效：设置后一天，以便改正 In force from then on: a day after it was set, to put slips right',
  })
  appliesFrom!: Date | null;
  @Field(() => Float, { description: '下次将删除的行数 Rows that will be removed next' })
  dueRows!: number;
  @Field(() => String, {
    nullable: true,
    description:
      '此月之前的明细已删除，也不再接收；据其算出的汇总仍在 Rows of months before this one are gone and none are taken; what was counted from them stays',
  })
  closedBefore!: string | null;
  @Field(() => Float, { description: '至今删除的行数 Rows removed so far' })
  removedRows!: number;
  @Field(() => Date, { nullable: true, description: '最近一次执行 Last applied at' })
  appliedAt!: Date | null;
}

@InputType()
export class SetRetentionInput {
  @Field(() => String, { description: '数据集 Dataset' })
  @IsString()
  @MaxLength(50)
  dataset!: string;

  @Field(() => Int, {
    nullable: true,
    description: '保存几个月，1–600；空表示一直保存 Months to keep, 1–600; null: for ever',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(600)
  months?: number | null;
}

export const RetentionRuleResult = resultOf(
  RetentionRuleModel,
  'RetentionRuleResult',
  '保存期限，或失败原因 The rule, or why not',
);
