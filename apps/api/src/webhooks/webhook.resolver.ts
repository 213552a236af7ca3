import type { RequestContext } from '@hotline/platform';
import { WebhooksService } from '@hotline/tenancy';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { decodeCursor, listPage, PageArgs, pageOf, type Connection } from '../request/connection.js';
import { Context, GivenOnce, Needs } from '../request/context.decorators.js';
import { orFailure } from '../request/expected-failure.js';
import { DoneResult, type Done, type Failure } from '../request/failure.model.js';
import { toDelivery, toEndpoint } from './to-webhook.model.js';
import {
  CreateWebhookEndpointInput,
  UpdateWebhookEndpointInput,
  WebhookDeliveryConnection,
  WebhookDeliveryPageArgs,
  WebhookDeliveryResult,
  WebhookEndpointConnection,
  WebhookEndpointResult,
  WebhookSecretResult,
  type WebhookDeliveryModel,
  type WebhookEndpointModel,
  type WebhookEndpointWithSecret,
} from './webhook.model.js';

const receiver = { type: () => ID, description: '接收地址的编号 Id of the receiver' };

/** Who is told of what happens, and what became of it. */
@Resolver()
export class WebhookResolver {
  constructor(private readonly webhooks: WebhooksService) {}

  @Query(() => WebhookEndpointConnection, { description: '接收推送的地址，新的在前 Receivers, newest first' })
  @Needs('administrator', null, ['city'])
  async webhookEndpoints(
    @Context() ctx: RequestContext,
    @Args() page: PageArgs,
  ): Promise<Connection<WebhookEndpointModel>> {
    const found = (await this.webhooks.endpoints(ctx)).map(toEndpoint);
    return listPage(found, page.first, decodeCursor(page.after));
  }

  @Query(() => WebhookDeliveryConnection, { description: '推送记录，新的在前 What was sent, newest first' })
  @Needs('administrator', null, ['city'])
  async webhookDeliveries(
    @Context() ctx: RequestContext,
    @Args() { first, after, endpointId, state }: WebhookDeliveryPageArgs,
  ): Promise<Connection<WebhookDeliveryModel>> {
    const filter = { endpointId: endpointId ?? null, state: state ?? null };
    const found = await this.webhooks.deliveries(ctx, filter, { first, before: decodeCursor(after) });
    return pageOf(found.map(toDelivery), first, (item) => item);
  }

  @Mutation(() => WebhookSecretResult, { description: '添加接收推送的地址 Add a receiver' })
  @Needs('administrator', null, ['city'])
  @GivenOnce()
  async createWebhookEndpoint(
    @Context() ctx: RequestContext,
    @Args('input') input: CreateWebhookEndpointInput,
  ): Promise<WebhookEndpointWithSecret | Failure> {
    return orFailure(async () => {
      const { secret, endpoint } = await this.webhooks.create(ctx, input);
      return { secret, endpoint: toEndpoint(endpoint) };
    });
  }

  @Mutation(() => WebhookEndpointResult, {
    description: '更改接收地址；未写明的保持不变 Change a receiver; what is not named stays',
  })
  @Needs('administrator', null, ['city'])
  async updateWebhookEndpoint(
    @Context() ctx: RequestContext,
    @Args('input') { id, ...change }: UpdateWebhookEndpointInput,
  ): Promise<WebhookEndpointModel | Failure> {
    return orFailure(async () => toEndpoint(await this.webhooks.update(ctx, id, change)));
  }

  @Mutation(() => WebhookSecretResult, {
    description: '更换签名密钥；旧密钥再同时签名一天 A new secret; for a day the one before signs as well',
  })
  @Needs('administrator', null, ['city'])
  @GivenOnce()
  async rotateWebhookSecret(
    @Context() ctx: RequestContext,
    @Args('id', receiver) id: string,
  ): Promise<WebhookEndpointWithSecret | Failure> {
    return orFailure(async () => {
      const { secret, endpoint } = await this.webhooks.rotateSecret(ctx, id);
      return { secret, endpoint: toEndpoint(endpoint) };
    });
  }

  @Mutation(() => DoneResult, { description: '删除接收地址及其推送记录 Remove a receiver and the log of it' })
  @Needs('administrator', null, ['city'])
  async removeWebhookEndpoint(
    @Context() ctx: RequestContext,
    @Args('id', receiver) id: string,
  ): Promise<Done | Failure> {
    return orFailure(async () => {
      await this.webhooks.remove(ctx, id);
      return { done: true };
    });
  }

  @Mutation(() => WebhookDeliveryResult, {
    description: '发送一条测试消息，停用的地址也可以 Send a test message, also to a receiver that is disabled',
  })
  @Needs('administrator', null, ['city'])
  async testWebhookEndpoint(
    @Context() ctx: RequestContext,
    @Args('id', receiver) id: string,
  ): Promise<WebhookDeliveryModel | Failure> {
    return orFailure(async () => toDelivery(await this.webhooks.test(ctx, id)));
  }

  @Mutation(() => WebhookDeliveryResult, {
    description: '重发一条消息，webhook-id 不变 Send a message once more, under the same webhook-id',
  })
  @Needs('administrator', null, ['city'])
  async replayWebhookDelivery(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID, description: '推送的编号 Id of the delivery' }) id: string,
  ): Promise<WebhookDeliveryModel | Failure> {
    return orFailure(async () => toDelivery(await this.webhooks.replay(ctx, id)));
  }
}
