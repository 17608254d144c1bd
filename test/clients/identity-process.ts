import {
  ClientCertificateCredential,
  ClientSecretCredential,
  type AccessToken,
  type ClientSecretCredentialOptions,
} from '@azure/identity';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Private key and certificate in PEM: the client's, and one that nobody knows. */
  readonly certificate: string;
  readonly strangeCertificate: string;
  /** Whose tenant exists and is not the client's. */
  readonly otherTenantId: string;
}

runSteps((told: Told): Steps => {
  const { baseUrl, tenantId, clientId, clientSecret, otherTenantId } = told;
  const credential = (
    given: { tenant?: string; host?: string; id?: string; secret?: string },
    // Said by whoever has a private cloud; without it a public address is asked whether ours is known there.
    more: ClientSecretCredentialOptions = { disableInstanceDiscovery: true },
  ): ClientSecretCredential =>
    new ClientSecretCredential(
      given.tenant ?? tenantId,
      given.id ?? clientId,
      given.secret ?? clientSecret,
      {
        authorityHost: given.host ?? `${baseUrl}/adfs/stackmeter`,
        retryOptions: { maxRetries: 0 },
        ...more,
      },
    );
  const byCertificate = (certificate: string, tenant = tenantId): ClientCertificateCredential =>
    new ClientCertificateCredential(
      tenant,
      clientId,
      { certificate },
      {
        authorityHost: tenant === 'adfs' ? baseUrl : `${baseUrl}/adfs/stackmeter`,
        disableInstanceDiscovery: tenant !== 'adfs',
        retryOptions: { maxRetries: 0 },
      },
    );
  const scope = `${baseUrl}/.default`;
  const own = credential({});
  const tokens = async (): Promise<AccessToken[]> => [
    await own.getToken(scope),
    await own.getToken(scope),
  ];
  return {
    tokens,
    adfs: () => credential({ host: baseUrl, tenant: 'adfs' }, {}).getToken(scope),
    adfsHost: () => credential({ host: `${baseUrl}/adfs`, tenant: 'adfs' }, {}).getToken(scope),
    version2: () => credential({ host: baseUrl }).getToken(scope),
    withSlash: () => credential({}).getToken(`${baseUrl}//.default`),
    management: () => credential({}).getToken('https://management.azure.com/.default'),
    otherScope: () => credential({}).getToken('https://vault.example/.default'),
    certificate: () => byCertificate(told.certificate).getToken(scope),
    certificateAdfs: () => byCertificate(told.certificate, 'adfs').getToken(scope),
    strangeCertificate: () => byCertificate(told.strangeCertificate).getToken(scope),
    wrongSecret: () => credential({ secret: `${clientSecret}+/` }).getToken(scope),
    unknownClient: () => credential({ id: otherTenantId }).getToken(scope),
    otherTenant: () => credential({ tenant: otherTenantId }).getToken(scope),
  };
});
