import { createUnionType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../request/connection.js';
import { Failure } from '../request/failure.model.js';

@ObjectType('ValueCondition', {
  description: '仅当另一列为空或非空时适用 Applies only where another column is empty or filled',
})
export class ValueConditionModel {
  @Field(() => String, { description: '另一列的表头 Header of the other column' })
  header!: string;

  @Field(() => String, { description: 'empty 或 filled empty or filled' })
  is!: string;
}

@ObjectType('ValueRule', { description: '取值翻译 Translation of a value' })
export class ValueRuleModel {
  @Field(() => String, { description: '文件中的取值 Value in the file' })
  value!: string;

  @Field(() => String, {
    nullable: true,
    description: '标准代码或可接受的写法；null 为空 Code or accepted spelling; null = empty',
  })
  to!: string | null;

  @Field(() => ValueConditionModel, { nullable: true, description: '条件 Condition' })
  when!: ValueConditionModel | null;
}

@ObjectType('ColumnMapping', {
  description: '某标准列取自文件的哪里；与 ColumnMappingInput 相同 Where a column comes from; as ColumnMappingInput',
})
export class ColumnMappingModel {
  @Field(() => String, { description: '标准列代码 Canonical column id' })
  column!: string;

  @Field(() => [String], { description: '表头：一个、两个或没有 Headers: one, two or none' })
  from!: string[];

  @Field(() => String, { nullable: true, description: '每行的固定取值 Value of every row' })
  constant!: string | null;

  @Field(() => [String], { description: '另外表示空的写法 Further spellings of empty' })
  emptyMarkers!: string[];

  @Field(() => String, { nullable: true, description: '斜线日期的顺序：mdy 或 dmy Order of slash dates: mdy or dmy' })
  dateOrder!: string | null;

  @Field(() => [ValueRuleModel], {
    description: '取值翻译，先匹配者生效 Translations; the first that applies counts',
  })
  values!: ValueRuleModel[];

  @Field(() => Float, { nullable: true, description: '数字乘以此数 Factor of plain numbers' })
  factor!: number | null;

  @Field(() => Boolean, { description: '问卷以 1 为最好 1 is best in this questionnaire' })
  oneIsBest!: boolean;

  @Field(() => Boolean, { description: '是与否相反 Yes means no' })
  inverted!: boolean;
}

@ObjectType('FileLayout', {
  description:
    '记住的一种文件版式：有这些表头的文件都照此读取 A remembered layout: every file with these headers is read like this',
})
export class FileLayoutModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => String, { description: '数据集 Dataset' })
  dataset!: string;

  @Field(() => String, {
    nullable: true,
    description: '为哪份文件而定；事先给出的为 null File it was given for; null where it was given before any came',
  })
  fileName!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: '这些文件的表头；尚未用过为 null Headers of those files; null until the first one was read',
  })
  headers!: string[] | null;

  @Field(() => String, { nullable: true, description: '编码；null 为自动识别 Encoding; null: found by itself' })
  encoding!: string | null;

  @Field(() => String, { nullable: true, description: '分隔符；null 为自动识别 Delimiter; null: found by itself' })
  delimiter!: string | null;

  @Field(() => String, { nullable: true, description: '工作表；null 为自动选择 Sheet; null: chosen by itself' })
  sheet!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: '表头所在行，从 1 起；null 为自动识别 Row of the headers, from 1; null: found by itself',
  })
  headerRow!: number | null;

  @Field(() => [ColumnMappingModel], {
    description: '各列；其余按表头识别 The columns; others are found by their headers',
  })
  columns!: ColumnMappingModel[];

  @Field(() => Date, { description: '最后一次给出的时间 When it was last given' })
  updatedAt!: Date;

  @Field(() => String, { description: '由谁给出 By whom' })
  updatedBy!: string;

  @Field(() => Date, { nullable: true, description: '最近一次用它读取文件的时间 When a file was last read with it' })
  usedAt!: Date | null;
}

export const FileLayoutConnection = connectionOf(FileLayoutModel, 'FileLayout');

@ObjectType({ description: '版式已不再记住 The layout is no longer remembered' })
export class FileLayoutRemoved {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
}

export const FileLayoutRemovedResult = createUnionType({
  name: 'FileLayoutRemovedResult',
  description: '已移除，或失败原因 Removed, or why not',
  types: () => [FileLayoutRemoved, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : FileLayoutRemoved),
});
