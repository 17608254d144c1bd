import type { Grant, KoaContextWithOIDC } from 'oidc-provider';

/**
 * What the person grants the client: whatever it asks for, since all clients in whose name people
 * sign in are our own or their own tools. Nobody is asked.
 */
export async function loadGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { session, client, account, provider } = ctx.oidc;
  if (session === undefined || client === undefined || account === undefined) return undefined;
  const { accountId } = account;
  const { clientId } = client;
  const knownId = session.grantIdFor(clientId);
  const known = knownId === undefined ? undefined : await provider.Grant.find(knownId);
  const isTheirs = known?.accountId === accountId && known.clientId === clientId;
  const grant = isTheirs ? known : new provider.Grant({ accountId, clientId });
  grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
  for (const [audience, { scopes }] of Object.entries(ctx.oidc.resourceServers ?? {})) {
    grant.addResourceScope(audience, [...scopes].join(' '));
  }
  await grant.save();
  return grant;
}
