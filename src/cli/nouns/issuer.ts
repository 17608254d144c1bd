import type { NounDefinition } from '../definition.ts';

/** The commands of `issuer`. */
export const issuerNoun: NounDefinition = {
  noun: 'issuer',
  description: 'Trusted OpenID issuers beside the built-in authority.',
  commands: [
    {
      verb: 'check',
      description:
        'Ask every trusted issuer for its keys, and tell what it answered. Ends with 3 when one of them cannot be used.',
      load: async () => (await import('../issuer.ts')).check,
    },
    {
      verb: 'principal',
      description:
        'Tell the principal id of somebody whom an issuer knows, for role assignments. It is made from the claim that says who is calling.',
      operands: [
        { name: 'NAME', description: 'Name of the issuer in the file of trusted issuers.' },
        { name: 'VALUE', description: 'Value of the claim that says who is calling.' },
      ],
      load: async () => (await import('../issuer.ts')).principal,
    },
  ],
};
