import type { NounDefinition, OptionDefinition } from '../definition.ts';

const TENANT: OptionDefinition = {
  flags: '--tenant ID',
  description:
    'Directory tenant that the client belongs to; the home tenant of the stamp unless given.',
};

/** The commands of `client`. */
export const clientNoun: NounDefinition = {
  noun: 'client',
  description: 'Programs that may call.',
  commands: [
    {
      verb: 'add',
      description:
        'Make a client with one role, on one scope or several. Its secret is shown now and never again.',
      options: [
        { flags: '--name NAME', description: 'What people call the client.', required: true },
        {
          flags: '--role ROLE',
          description: 'One of those that role show lists, such as Reader or Emitter.',
          required: true,
        },
        {
          flags: '--scope SCOPE...',
          description:
            '/ for the whole stamp, /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME; may be given several times.',
          required: true,
        },
        {
          flags: '--provider NAMESPACE...',
          description:
            'Resource provider that an Emitter speaks for, such as Microsoft.Compute; may be given several times; all unless given.',
        },
        TENANT,
      ],
      load: async () => (await import('../client.ts')).add,
    },
    {
      verb: 'list',
      description: 'List the clients and their roles.',
      load: async () => (await import('../client.ts')).list,
    },
    {
      verb: 'disable',
      description: 'Refuse a client from now on and keep it on record.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      load: async () => (await import('../client.ts')).disable,
    },
    {
      verb: 'enable',
      description: 'Let a client that was disabled in again.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      load: async () => (await import('../client.ts')).enable,
    },
    {
      verb: 'remove',
      description: 'Forget a client and its roles.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      load: async () => (await import('../client.ts')).remove,
    },
    {
      verb: 'add-secret',
      description:
        'Give a client a further secret, to replace one without a pause. It is shown now and never again.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      options: [
        { flags: '--name NAME', description: 'What people call it; further unless given.' },
        {
          flags: '--expires-in-days NUMBER',
          description: 'Days for which it works; for ever unless given.',
        },
      ],
      load: async () => (await import('../client-credential.ts')).addSecret,
    },
    {
      verb: 'add-certificate',
      description:
        'Let a client prove itself with the private key of a certificate, until the certificate expires.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      options: [
        {
          flags: '--file FILE',
          description:
            'The certificate in PEM form, without its private key: RSA of 2048 bits or more, or P-256.',
          required: true,
        },
        {
          flags: '--name NAME',
          description: 'What people call it; the subject of the certificate unless given.',
        },
      ],
      load: async () => (await import('../client-credential.ts')).addCertificate,
    },
    {
      verb: 'credentials',
      description: 'List what a client can prove itself with.',
      operands: [{ name: 'ID', description: 'Client id.' }],
      load: async () => (await import('../client-credential.ts')).listCredentials,
    },
    {
      verb: 'remove-credential',
      description: 'Take a secret or certificate of a client away.',
      operands: [
        { name: 'ID', description: 'Client id.' },
        { name: 'CREDENTIAL', description: 'Credential id.' },
      ],
      load: async () => (await import('../client-credential.ts')).removeCredential,
    },
  ],
};
