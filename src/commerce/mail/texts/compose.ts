import type { MailLanguage } from './formats.ts';

/** What a message says, before it is laid out. */
export interface MailContent {
  readonly subject: string;
  /** What it is about, in a sentence. */
  readonly lead: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Why the reader gets it, and what can be done. */
  readonly closing: string;
}

/** A message as it is sent. */
export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const LONGEST_SUBJECT = 200;
/** What stands between a label and its value; the space in French does not break. */
const COLON: Readonly<Record<MailLanguage, string>> = { en: ': ', fr: '\u00A0: ' };
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Lays a message out, as plain text and as simple HTML. Names in it are others' and can hold anything. */
export function compose(content: MailContent, language: MailLanguage): ComposedMail {
  const subject = oneLine(content.subject).slice(0, LONGEST_SUBJECT);
  const lead = oneLine(content.lead);
  const closing = oneLine(content.closing);
  const facts = content.facts.map(([label, value]) => [oneLine(label), oneLine(value)] as const);
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th align="left" style="padding:2px 16px 2px 0">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return {
    subject,
    text: [
      lead,
      '',
      ...facts.map(([label, value]) => `${label}${COLON[language]}${value}`),
      '',
      closing,
      '',
    ].join('\n'),
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
      '<body style="font-family:sans-serif">',
      `<p>${escapeHtml(lead)}</p>`,
      `<table cellspacing="0">${rows.join('')}</table>`,
      `<p style="color:#555">${escapeHtml(closing)}</p>`,
      '</body></html>',
      '',
    ].join('\n'),
  };
}

/** Without breaks and other controls, which could end a header or hide what follows. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
    .trim();
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
