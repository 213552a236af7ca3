import { Module } from '@nestjs/common';
import { Attempts } from './accounts/attempts.js';
import { PasswordResetsService } from './accounts/password-resets.service.js';
import { SecondFactorService } from './accounts/second-factor.service.js';
import { SessionsService } from './accounts/sessions.service.js';
import { SignInService } from './accounts/sign-in.service.js';
import { SingleSignOnService } from './accounts/single-sign-on.service.js';
import { AuditService } from './audit/audit.service.js';
import { KeptAnswersService } from './idempotency/kept-answers.service.js';
import { ApiKeysService } from './keys/api-keys.service.js';
import { EmbedKeysService } from './keys/embed-keys.service.js';
import { FirstAdministrator } from './members/first-administrator.js';
import { InvitationsService } from './members/invitations.service.js';
import { MembersService } from './members/members.service.js';
import { ProvincesService } from './tenants/provinces.service.js';
import { TenantsService } from './tenants/tenants.service.js';
import { DeliverWebhook } from './webhooks/deliver-webhook.js';
import { WebhookOutbox } from './webhooks/webhook-outbox.js';
import { WebhookSecrets } from './webhooks/webhook-secrets.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

const services = [
  TenantsService,
  ProvincesService,
  MembersService,
  InvitationsService,
  FirstAdministrator,
  SessionsService,
  SignInService,
  SecondFactorService,
  PasswordResetsService,
  SingleSignOnService,
  ApiKeysService,
  EmbedKeysService,
  AuditService,
  WebhooksService,
  WebhookOutbox,
  KeptAnswersService,
];

@Module({ providers: [Attempts, WebhookSecrets, DeliverWebhook, ...services], exports: services })
export class TenancyModule {}
