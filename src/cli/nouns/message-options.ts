import type { OptionDefinition } from '../definition.ts';

/** How many messages are listed. */
export const MESSAGE_LIMIT: OptionDefinition = {
  flags: '--limit N',
  description: 'How many, 1 to 1000.',
  defaultValue: '50',
};

/** Which messages are sent again. @param dead what it means that a message is dead */
export function replayOptions(dead: string): readonly OptionDefinition[] {
  return [
    { flags: '--message ID', description: 'This one.' },
    { flags: '--since TIME', description: 'All of what happened since then.' },
    { flags: '--dead', description: dead },
  ];
}
