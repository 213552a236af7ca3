import { deliveryStates, type DeliveryState } from '@hotline/tenancy';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ArrayMaxSize, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { connectionOf, PageArgs } from '../request/connection.js';
import { Failure, resultOf } from '../request/failure.model.js';

export const WebhookDeliveryState = Object.fromEntries(deliveryStates.map((state) => [state, state]));
registerEnumType(WebhookDeliveryState, {
  name: 'WebhookDeliveryState',
  description:
    '推送的状态：等待（含重试）、已送达、放弃 State of a delivery: waiting (for another attempt, too), delivered, given up',
});

@ObjectType('WebhookEndpoint', { description: '接收推送的地址 A receiver of webhooks' })
export class WebhookEndpointModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => String, { description: '名称 Name' })
  name!: string;
  @Field(() => String, { description: '地址 Address that is posted to' })
  url!: string;
  @Field(() => [String], { description: '要接收的事件 Events it is told of' })
  events!: string[];
  @Field(() => Boolean, { description: '是否启用 Whether it is told of them now' })
  enabled!: boolean;
  @Field(() => String, {
    nullable: true,
    description:
      '停用原因：administrator 由管理员，gone 对方答复 410，failing 连续五天未送达 Why it is not: an administrator, the receiver is gone (410), or nothing came through for five days',
  })
  disabledFor!: string | null;
  @Field(() => Date, { nullable: true, description: '停用时间 Since when it is not' })
  disabledAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: '自何时起未能送达；最近一次送达则为空 First failure since the last success; null after a success',
  })
  failingSince!: Date | null;
  @Field(() => Date, { description: '签名密钥的更换时间 When its secret was made' })
  secretChangedAt!: Date;
  @Field(() => Date, {
    nullable: true,
    description: '旧密钥同时签名到此时为止 Until then the secret before signs as well',
  })
  previousSecretUntil!: Date | null;
  @Field(() => Date, { description: '建立时间 Made at' })
  createdAt!: Date;
}

@ObjectType({ description: '接收地址与它的签名密钥 A receiver with its secret' })
export class WebhookEndpointWithSecret {
  @Field(() => String, { description: '签名密钥 whsec_…，只显示这一次 The secret, whsec_…, shown this once' })
  secret!: string;
  @Field(() => WebhookEndpointModel, { description: '接收地址 The receiver' })
  endpoint!: WebhookEndpointModel;
}

@ObjectType('WebhookDelivery', {
  description: '一次推送及其最近一次尝试 A message to a receiver, with the last attempt',
})
export class WebhookDeliveryModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;
  @Field(() => ID, { description: '接收地址的编号 Id of the receiver' })
  endpointId!: string;
  @Field(() => String, {
    description:
      '事件编号，即 webhook-id：重试与重发都不变 Id of the event, sent as webhook-id: the same for every attempt and replay',
  })
  eventId!: string;
  @Field(() => String, { description: '事件种类 Kind of the event' })
  event!: string;
  @Field(() => String, { description: '所发的内容，JSON The body that is sent, JSON' })
  body!: string;
  @Field(() => WebhookDeliveryState, { description: '状态 State' })
  state!: string;
  @Field(() => Int, { description: '已尝试的次数 Attempts so far' })
  attempts!: number;
  @Field(() => Date, { nullable: true, description: '最近一次尝试 The last attempt' })
  attemptedAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: '下一次尝试；没有则为空 The next attempt; null when there is none',
  })
  nextAttemptAt!: Date | null;
  @Field(() => Int, {
    nullable: true,
    description: '对方答复的 HTTP 状态；没有答复则为空 HTTP status of the answer; null without one',
  })
  responseStatus!: number | null;
  @Field(() => Int, { nullable: true, description: '最近一次用时，毫秒 Milliseconds the last attempt took' })
  durationMs!: number | null;
  @Field(() => Failure, { nullable: true, description: '未送达的原因 Why it was not delivered' })
  problem!: Failure | null;
  @Field(() => String, {
    nullable: true,
    description: '未成功答复的开头，至多 300 字 Beginning of an answer that was no success, at most 300 characters',
  })
  excerpt!: string | null;
  @Field(() => Date, { description: '写下的时间 Written down at' })
  createdAt!: Date;
}

@InputType()
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: '名称 Name' })
  @IsString()
  @MaxLength(100)
  name!: string;

  @Field(() => String, { description: '接收地址，https A https address' })
  @IsString()
  @MaxLength(2_000)
  url!: string;

  @Field(() => [String], {
    description:
      '要接收的事件：import.committed、import.reverted、assessment.ready、submission.returned Events to be told of',
  })
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  events!: string[];
}

@InputType()
export class UpdateWebhookEndpointInput {
  @Field(() => ID, { description: '编号 Id of the receiver' })
  @IsString()
  @MaxLength(100)
  id!: string;

  @Field(() => String, { nullable: true, description: '新名称 Another name' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string | null;

  @Field(() => String, { nullable: true, description: '新地址 Another address' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  url?: string | null;

  @Field(() => [String], { nullable: true, description: '要接收的事件 Other events' })
  @IsOptional()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  events?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '启用或停用；启用时忘记此前的失败 Enable or disable; enabling forgets that it failed',
  })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;
}

@ArgsType()
export class WebhookDeliveryPageArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: '只要此接收地址的 Only to this receiver' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  endpointId?: string | null;

  @Field(() => WebhookDeliveryState, { nullable: true, description: '只要此状态的 Only of this state' })
  @IsOptional()
  @IsIn(deliveryStates)
  state?: DeliveryState | null;
}

export const WebhookEndpointConnection = connectionOf(WebhookEndpointModel, 'WebhookEndpoint');
export const WebhookDeliveryConnection = connectionOf(WebhookDeliveryModel, 'WebhookDelivery');
export const WebhookEndpointResult = resultOf(
  WebhookEndpointModel,
  'WebhookEndpointResult',
  '接收地址，或失败原因 The receiver, or why not',
);
export const WebhookSecretResult = resultOf(
  WebhookEndpointWithSecret,
  'WebhookSecretResult',
  '接收地址与密钥，或失败原因 The receiver with its secret, or why not',
);
export const WebhookDeliveryResult = resultOf(
  WebhookDeliveryModel,
  'WebhookDeliveryResult',
  '推送，或失败原因 The delivery, or why not',
);
