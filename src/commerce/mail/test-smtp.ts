import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { ensureTls, systemClock } from '../../platform/index.ts';

/** A mail that arrived. */
export interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire. */
  readonly raw: string;
  readonly mail: ParsedMail;
  readonly isEncrypted: boolean;
}

/** A server that takes mail, on this machine. */
export interface TestSmtp {
  readonly port: number;
  /** PEM of the authority of its certificate. */
  readonly ca: string;
  readonly caFile: string;
  readonly arrived: Arrived[];
  /** How it takes recipients and messages; an error refuses. */
  onRecipient: (address: string) => Error | undefined;
  onMessage: (one: Arrived) => Promise<Error | undefined> | Error | undefined;
  /** Stops listening; what is connected is cut off. */
  stop(): Promise<void>;
  /** Listens again, at the same port. */
  start(): Promise<void>;
}

/** A refusal with a status of SMTP. */
export function refusal(status: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: status });
}

export const LOGIN = { user: 'stackmeter', pass: 'a secret of mail' };

/** Gives the `describe` in which it is called a mail server. */
export function withTestSmtp(options: SMTPServerOptions = {}): TestSmtp {
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-mail-'));
  let server: SMTPServer | undefined;
  let tls: { readonly cert: string; readonly key: string } | undefined;
  const smtp: { -readonly [Name in keyof TestSmtp]: TestSmtp[Name] } = {
    port: 0,
    ca: '',
    caFile: '',
    arrived: [],
    onRecipient: () => undefined,
    onMessage: () => undefined,
    stop: async () => {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      for (const connection of stopping.connections) connection.close();
      await new Promise<void>((resolve) => stopping.close(resolve));
    },
    start: async () => {
      const started = new SMTPServer({
        ...tls,
        logger: false,
        authOptional: true,
        closeTimeout: 1,
        onAuth: (auth, _session, done) =>
          auth.username === LOGIN.user && auth.password === LOGIN.pass
            ? done(null, { user: LOGIN.user })
            : done(refusal(535, `no: ${auth.password ?? ''}`)),
        onRcptTo: ({ address }, _session, done) => done(smtp.onRecipient(address) ?? null),
        onData: (stream, session, done) => {
          const take = async (): Promise<void> => {
            const one = await readMail(stream, session);
            smtp.arrived.push(one);
            done((await smtp.onMessage(one)) ?? null);
          };
          void take();
        },
        ...options,
      });
      server = started;
      // A client that breaks off is no failure of the test.
      started.on('error', () => undefined);
      await new Promise<void>((resolve) => started.listen(smtp.port, '127.0.0.1', resolve));
      const address = started.server.address();
      if (typeof address !== 'object' || address === null) throw new TypeError('no port');
      smtp.port = address.port;
    },
  };
  before(async () => {
    const made = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
    tls = { cert: made.cert, key: made.key };
    smtp.ca = made.ca;
    smtp.caFile = made.caFile;
    await smtp.start();
  });
  beforeEach(() => {
    smtp.arrived.length = 0;
    smtp.onRecipient = () => undefined;
    smtp.onMessage = () => undefined;
  });
  after(async () => {
    await smtp.stop();
    rmSync(data, { recursive: true });
  });
  return smtp;
}

async function readMail(
  stream: AsyncIterable<Buffer>,
  session: {
    readonly secure?: boolean | undefined;
    readonly envelope: {
      readonly mailFrom: { readonly address: string } | false;
      readonly rcptTo: readonly { readonly address: string }[];
    };
  },
): Promise<Arrived> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw: raw.toString('latin1'),
    mail: await simpleParser(raw),
    isEncrypted: session.secure === true,
  };
}
