import type { Tone } from '../../../components/index.ts';

const TONES: Readonly<Record<string, Tone>> = {
  Enabled: 'good',
  Warned: 'warning',
  PastDue: 'warning',
  Disabled: 'neutral',
  Deleting: 'warning',
  PartiallyDeleted: 'warning',
  Deleted: 'neutral',
  held: 'warning',
  replayed: 'good',
  discarded: 'neutral',
  open: 'info',
  closing: 'info',
  closed: 'good',
  Registered: 'good',
  Expired: 'bad',
  Reset: 'bad',
  Removed: 'bad',
  Active: 'good',
  inForce: 'good',
  Open: 'info',
  InReview: 'warning',
  Issued: 'good',
  Pending: 'info',
  Delivered: 'good',
  Sent: 'good',
  Dead: 'bad',
  Undeliverable: 'bad',
};

/** How a state is shown; one that is not known is shown plainly. */
export function toneOf(state: string): Tone {
  return TONES[state] ?? 'neutral';
}
