import { createTransport } from 'nodemailer';
import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';
import type { Instant } from '../../kernel/index.ts';
import type { MailServer } from './mail-server.ts';

/** A message as it is handed over. */
export interface OutgoingMail {
  /** Without angle brackets; the same at each attempt. */
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly language: string;
  readonly date: Instant;
}

/** What became of an attempt. */
export type SendResult =
  | { readonly kind: 'sent'; readonly status: number | undefined }
  /** For good: the server will not take this message, or not for this recipient. */
  | { readonly kind: 'refused'; readonly status: number | undefined; readonly problem: string }
  | {
      readonly kind: 'failed';
      readonly status: number | undefined;
      readonly problem: string;
      /** Whether any other message would have met the same. */
      readonly isServer: boolean;
    };

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;
const LONGEST_PROBLEM = 200;
/** Commands that are about one message; all others are about the server and us. */
const OF_MESSAGE: ReadonlySet<string> = new Set(['RCPT TO', 'DATA']);

/** A way to a mail server; every message has a connection of its own, so nothing stays open between them. */
export interface MailWay {
  send(mail: OutgoingMail, signal: AbortSignal): Promise<SendResult>;
  close(): void;
}

export function openWay(server: MailServer): MailWay {
  const { host, port, encryption, login, ca, from } = server;
  const options: SMTPTransportOptions = {
    host,
    port,
    secure: encryption === 'implicit',
    requireTLS: encryption === 'required',
    ...(login !== undefined && { auth: login }),
    tls: {
      minVersion: 'TLSv1.2',
      // Where mail may go without encryption, an unknown certificate is no worse.
      rejectUnauthorized: encryption !== 'possible' || ca !== undefined,
      ...(ca !== undefined && { ca }),
    },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    // A message is what we wrote, never a file or a page that its text names.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };
  const transport = createTransport(options);
  return {
    send: async (mail, signal) => {
      try {
        const { response } = await transport.sendMail(messageOf(mail, from, signal));
        return { kind: 'sent', status: statusIn(response) };
      } catch (error) {
        return resultOf(error, secretsOf(login));
      }
    },
    close: () => transport.close(),
  };
}

function messageOf(mail: OutgoingMail, from: string, signal: AbortSignal) {
  return {
    messageId: `<${mail.id}>`,
    date: dateText(mail.date),
    from: { name: 'Stackmeter', address: from },
    to: { name: '', address: mail.recipient },
    envelope: { from, to: [mail.recipient] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    // Nobody wants an answering machine to write back (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
    signal,
  };
}

function resultOf(error: unknown, secrets: readonly string[]): SendResult {
  const { code, command, responseCode } = fieldsOf(error);
  const problem = tidy(error instanceof Error ? error.message : String(error), secrets);
  const status = responseCode;
  const isOfMessage = command !== undefined && OF_MESSAGE.has(command) && status !== undefined;
  // 5xx is meant for good; 503 tells that the two sides have lost each other.
  const isForGood = status !== undefined && status >= 500 && status !== 503;
  if (isOfMessage && isForGood) return { kind: 'refused', status, problem };
  return { kind: 'failed', status, problem, isServer: !isOfMessage && code !== 'EABORT' };
}

function fieldsOf(error: unknown): {
  readonly code: string | undefined;
  readonly command: string | undefined;
  readonly responseCode: number | undefined;
} {
  const entries = new Map<string, unknown>(
    typeof error === 'object' && error !== null ? Object.entries(error) : [],
  );
  const [code, command, status] = ['code', 'command', 'responseCode'].map((one) =>
    entries.get(one),
  );
  return {
    code: typeof code === 'string' ? code : undefined,
    command: typeof command === 'string' ? command : undefined,
    responseCode: typeof status === 'number' ? status : undefined,
  };
}

/** What a server might repeat of what it was told. */
function secretsOf(login: MailServer['login']): readonly string[] {
  if (login === undefined) return [];
  const { user, pass } = login;
  const inBase64 = [pass, `\0${user}\0${pass}`].map((one) => Buffer.from(one).toString('base64'));
  return [pass, ...inBase64];
}

/** One line that can be shown: a server says what it likes. */
function tidy(message: string, secrets: readonly string[]): string {
  let text = message;
  for (const secret of secrets) text = text.replaceAll(secret, '[redacted]');
  const line = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .toWellFormed()
    .trim();
  return line.slice(0, LONGEST_PROBLEM) || 'no reason was given';
}

function statusIn(response: string | undefined): number | undefined {
  const digits = /^\d{3}/.exec(response ?? '')?.[0];
  return digits === undefined ? undefined : Number.parseInt(digits, 10);
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** As headers have it (RFC 5322): Wed, 18 Nov 2026 11:06:40 +0000. */
export function dateText(instant: Instant): string {
  const at = instant.toZonedDateTimeISO('UTC');
  const time = at.toPlainTime().toString({ smallestUnit: 'second' });
  return `${DAYS[at.dayOfWeek - 1]}, ${at.day} ${MONTHS[at.month - 1]} ${at.year} ${time} +0000`;
}
