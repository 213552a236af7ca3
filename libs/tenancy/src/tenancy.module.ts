import { Module } from '@nestjs/common';
import { Attempts } from './accounts/attempts.js';
import { PasswordResetsService } from './accounts/password-resets.service.js';
import { SecondFactorService } from './accounts/second-factor.service.js';
import { SessionsService } from './accounts/sessions.service.js';
import { SignInService } from './accounts/sign-in.service.js';
import { SingleSignOnService } from './accounts/single-sign-on.service.js';
import { AuditService } from './audit/audit.service.js';
import { ApiKeysService } from './keys/api-keys.service.js';
import { EmbedKeysService } from './keys/embed-keys.service.js';
import { FirstAdministrator } from './members/first-administrator.js';
import { InvitationsService } from './members/invitations.service.js';
import { MembersService } from './members/members.service.js';
import { ProvincesService } from './tenants/provinces.service.js';
import { TenantsService } from './tenants/tenants.service.js';

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
];

@Module({ providers: [Attempts, ...services], exports: services })
export class TenancyModule {}
