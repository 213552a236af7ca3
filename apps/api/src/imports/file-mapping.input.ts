import type { ColumnMapping, Delimiter, Encoding, FileMapping, ValueRule } from '@hotline/rows';
import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DefinitionInput } from '../definitions/definition.model.js';

@InputType({ description: '仅当另一列为空或非空时适用 Applies only where another column is empty or filled' })
export class ValueConditionInput {
  @Field(() => String, { description: '另一列的表头 Header of the other column' })
  @IsString()
  @MaxLength(200)
  header!: string;

  @Field(() => String, { description: 'empty 或 filled empty or filled' })
  @IsIn(['empty', 'filled'])
  is!: 'empty' | 'filled';
}

@InputType({ description: '取值翻译 Translation of a value' })
export class ValueRuleInput {
  @Field(() => String, { description: '文件中的取值 Value in the file' })
  @IsString()
  @MaxLength(500)
  value!: string;

  @Field(() => String, {
    nullable: true,
    description: '标准代码或可接受的写法；null 为空 Code or accepted spelling; null = empty',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  to?: string | null;

  @Field(() => ValueConditionInput, { nullable: true, description: '条件 Condition' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ValueConditionInput)
  when?: ValueConditionInput | null;
}

@InputType({ description: '某标准列取自文件的哪里 Where a canonical column comes from' })
export class ColumnMappingInput {
  @Field(() => String, { description: '标准列代码 Canonical column id' })
  @IsString()
  @Matches(/^[a-z][a-z0-9_]{0,60}$/)
  column!: string;

  @Field(() => [String], {
    description:
      '表头：一个；或日期列与时间列两个；空表示文件中没有 Headers: one; or a date and a time column; none = not in the file',
  })
  @IsArray()
  @ArrayMaxSize(2)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  from!: string[];

  @Field(() => String, {
    nullable: true,
    description:
      '文件中没有此列（from 为空）时每行的取值：标准代码或可接受的写法 Value of every row where the file has no such column (from is empty): a code or accepted spelling',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  constant?: string | null;

  @Field(() => [String], { nullable: true, description: '另外表示空的写法 Further spellings of empty' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  emptyMarkers?: string[] | null;

  @Field(() => String, { nullable: true, description: '斜线日期的顺序：mdy 或 dmy Order of slash dates: mdy or dmy' })
  @IsOptional()
  @IsIn(['mdy', 'dmy'])
  dateOrder?: 'mdy' | 'dmy' | null;

  @Field(() => [ValueRuleInput], {
    nullable: true,
    description: '取值翻译，先匹配者生效 Translations; the first that applies counts',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ValueRuleInput)
  values?: ValueRuleInput[] | null;

  @Field(() => Float, { nullable: true, description: '数字乘以此数：分钟 60，万 10000 Factor of plain numbers' })
  @IsOptional()
  @IsNumber()
  @Min(0.000001)
  @Max(100_000_000)
  factor?: number | null;

  @Field(() => Boolean, { nullable: true, description: '问卷以 1 为最好 1 is best in this questionnaire' })
  @IsOptional()
  @IsBoolean()
  oneIsBest?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: '是与否相反 Yes means no' })
  @IsOptional()
  @IsBoolean()
  inverted?: boolean | null;
}

@InputType({ description: '一个数据集的文件如何读取 How the files of a dataset are read' })
export class UpdateMappingInput {
  @Field(() => String, { description: '数据集 Dataset' })
  @IsString()
  @MaxLength(60)
  dataset!: string;

  @Field(() => ID, { nullable: true, description: '用新映射重新检查的导入 Import to check again with it' })
  @IsOptional()
  @IsUUID()
  importId?: string | null;

  @Field(() => String, { nullable: true, description: '编码 Encoding: utf-8, gb18030, utf-16le, utf-16be' })
  @IsOptional()
  @IsIn(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'])
  encoding?: Encoding | null;

  @Field(() => String, { nullable: true, description: '分隔符 Delimiter' })
  @IsOptional()
  @IsIn([',', ';', '\t', '|'])
  delimiter?: Delimiter | null;

  @Field(() => String, { nullable: true, description: '工作表 Sheet' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sheet?: string | null;

  @Field(() => Int, { nullable: true, description: '表头所在行，从 1 起 Row of the headers, from 1' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  headerRow?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      '保留已存映射中这里没有提到的部分，只改给出的列和设置 Keep what the saved mapping says beyond this: only the columns and settings given here change',
  })
  @IsBoolean()
  keepOthers!: boolean;

  @Field(() => [DefinitionInput], {
    nullable: true,
    description: '数据所依据的统计口径；未提到的保持不变 What the figures follow; what is not named stays as it is',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => DefinitionInput)
  definition?: DefinitionInput[] | null;

  @Field(() => [ColumnMappingInput], { description: '各列 The columns' })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ColumnMappingInput)
  columns!: ColumnMappingInput[];
}

/** The input without its nulls, as the importer takes it. */
export function toFileMapping(input: UpdateMappingInput): FileMapping {
  return {
    ...(input.encoding ? { encoding: input.encoding } : {}),
    ...(input.delimiter ? { delimiter: input.delimiter } : {}),
    ...(input.sheet ? { sheet: input.sheet } : {}),
    ...(input.headerRow ? { headerRow: input.headerRow } : {}),
    columns: Object.fromEntries(input.columns.map((column) => [column.column, toColumnMapping(column)])),
  };
}

function toColumnMapping(input: ColumnMappingInput): ColumnMapping {
  return {
    from: input.from,
    ...(typeof input.constant === 'string' ? { constant: input.constant } : {}),
    ...(input.emptyMarkers ? { emptyMarkers: input.emptyMarkers } : {}),
    ...(input.dateOrder ? { dateOrder: input.dateOrder } : {}),
    ...(input.values ? { values: input.values.map(toValueRule) } : {}),
    ...(input.factor ? { factor: input.factor } : {}),
    ...(input.oneIsBest ? { oneIsBest: true } : {}),
    ...(input.inverted ? { inverted: true } : {}),
  };
}

function toValueRule(input: ValueRuleInput): ValueRule {
  return {
    value: input.value,
    to: input.to ?? null,
    ...(input.when ? { when: { header: input.when.header, is: input.when.is } } : {}),
  };
}
