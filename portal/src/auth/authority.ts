import { discoveryRequest, processDiscoveryResponse, type AuthorizationServer } from 'oauth4webapi';
import type { Settings } from './settings.ts';

let discovered: Promise<AuthorizationServer> | undefined;

/** Where the parts of the authority are; asked once. */
export function discover({ issuer }: Pick<Settings, 'issuer'>): Promise<AuthorizationServer> {
  const address = new URL(issuer);
  discovered ??= discoveryRequest(address)
    .then((answer) => processDiscoveryResponse(address, answer))
    .catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
  return discovered;
}
