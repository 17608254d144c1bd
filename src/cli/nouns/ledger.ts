import type { NounDefinition, OptionDefinition } from '../definition.ts';

const SIDES: readonly OptionDefinition[] = [
  { flags: '--book ID', description: 'Only the books of this seller; provider, or an account.' },
  { flags: '--party ID', description: 'Only with this account on the other side.' },
];

/** The commands of `ledger`. */
export const ledgerNoun: NounDefinition = {
  noun: 'ledger',
  description: 'The double entry under every amount.',
  commands: [
    {
      verb: 'list',
      description: 'List entries, the newest first.',
      options: [
        ...SIDES,
        { flags: '--reference TEXT', description: 'Only about this run, invoice or payment.' },
        { flags: '--limit NUMBER', description: 'How many; 50 unless given.' },
      ],
      load: async () => (await import('../ledger.ts')).list,
    },
    {
      verb: 'balances',
      description: 'List what the accounts of the ledger come to.',
      options: SIDES,
      load: async () => (await import('../ledger.ts')).balances,
    },
    {
      verb: 'verify',
      description: 'Add all entries up again. Ends with 3 when one is out of balance.',
      load: async () => (await import('../ledger.ts')).verify,
    },
  ],
};
