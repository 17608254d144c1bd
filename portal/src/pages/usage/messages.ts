import * as analysis from '../analysis/messages.ts';

export const en = {
  ...analysis.en,
  'usage.title': 'Usage',
  'usage.description':
    'What was consumed, by the time of its use. Click a name to divide it further; the address keeps what is shown.',
};

export const fr: Record<keyof typeof en, string> = {
  ...analysis.fr,
  'usage.title': 'Utilisation',
  'usage.description':
    'Ce qui a été consommé, selon l’heure d’utilisation. Cliquez sur un nom pour le répartir davantage ; l’adresse conserve ce qui est affiché.',
};
