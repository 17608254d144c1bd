import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import { ensureTls, systemClock } from '../../src/platform/index.ts';

/** An OpenID server that is not ours, with a private authority of its own. */
export interface OpenIdServer {
  readonly issuer: string;
  readonly caFile: string;
  readonly ca: string;
  /** How often its keys were asked for. */
  readonly fetches: () => number;
  readonly server: OAuth2Server;
  /** What it answers in place of its keys, until it is set to undefined. */
  answerKeys: ((response: ServerResponse) => void) | undefined;
  /** Alters its discovery document, until it is set to undefined. */
  alterDiscovery: ((document: Record<string, unknown>) => void) | undefined;
  /**
   * A token with these claims beside its own; one that is undefined is left out. With several keys
   * they take turns, unless the id of one is given.
   */
  token(
    claims?: Record<string, unknown>,
    header?: Record<string, unknown>,
    keyId?: string,
  ): Promise<string>;
  /** Stops it so that nobody answers any more, and gives its address up. */
  stop(): Promise<void>;
  /** Starts it again at its address. */
  start(): Promise<void>;
  /** Stops it for good. */
  end(): Promise<void>;
}

/** Starts an OpenID server over HTTPS on a free port of the loopback, with one RS256 key. */
export async function startOpenIdServer(): Promise<OpenIdServer> {
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-openid-'));
  const { caFile, ca } = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
  const folder = dirname(caFile);
  const server = new OAuth2Server(join(folder, 'server.key'), join(folder, 'server.pem'));
  await server.issuer.keys.generate('RS256');
  await server.start(0, 'localhost');
  const { port } = server.address();
  const issuer = `https://localhost:${port}`;
  let fetches = 0;

  server.service.on(Events.BeforeWellKnownOpenIdConfiguration, (answer) => {
    if (answer.body === '') return;
    answer.body['jwks_uri'] = `${issuer}/counted-keys`;
    openId.alterDiscovery?.(answer.body);
  });
  server.service.addRoute('GET', '/counted-keys', (_request, response) => {
    fetches += 1;
    if (openId.answerKeys !== undefined) return openId.answerKeys(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: server.issuer.keys.toJSON() }));
  });
  const stop = async (): Promise<void> => {
    if (server.listening) await server.stop();
  };
  const openId: OpenIdServer = {
    issuer,
    caFile,
    ca,
    fetches: () => fetches,
    server,
    answerKeys: undefined,
    alterDiscovery: undefined,
    token: (claims = {}, header = {}, keyId) =>
      server.issuer.buildToken({
        kid: keyId,
        scopesOrTransform: (ownHeader, ownClaims) => {
          Object.assign(ownHeader, header);
          Object.assign(ownClaims, claims);
        },
      }),
    stop,
    start: () => server.start(port, 'localhost'),
    end: async () => {
      await stop();
      await rm(data, { recursive: true });
    },
  };
  return openId;
}
