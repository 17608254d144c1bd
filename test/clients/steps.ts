/**
 * For programs that use a client as its users do, in a process of their own: the private certificate authority is named
 * in NODE_EXTRA_CA_CERTS, which is read when a process starts.
 */

/** How a call of a client ended. */
export type Outcome =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: ClientError };

/** What a client tells its caller of a failure; which of these there are depends on the client. */
export interface ClientError {
  readonly name: string;
  readonly message: string;
  readonly code: unknown;
  readonly statusCode: unknown;
  /** The error without what cannot be sent on. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Outcomes = Readonly<Record<string, Outcome>>;

/** Calls of a client by name, done one after the other. */
export type Steps = Readonly<Record<string, () => Promise<unknown>>>;

/** Takes what the test tells, does the steps and sends back how each ended. Dates stay dates. */
export function runSteps(prepare: (told: never) => Steps): void {
  process.once('message', (told) => {
    const outcomes = performAll(prepare(told as never));
    void outcomes.then((all) => {
      process.send?.(all, () => process.disconnect?.());
    });
  });
}

async function performAll(steps: Steps): Promise<Outcomes> {
  const outcomes: Record<string, Outcome> = {};
  for (const [name, step] of Object.entries(steps)) outcomes[name] = await perform(step);
  return outcomes;
}

async function perform(step: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await step() };
  } catch (error) {
    return { error: describe(error) };
  }
}

function describe(error: unknown): ClientError {
  if (!(error instanceof Error)) throw new TypeError(`A client threw ${typeof error}.`);
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    if (typeof value !== 'object' && typeof value !== 'function') fields[key] = value;
  }
  const { name, message } = error;
  return {
    name,
    message,
    code: fields['code'],
    statusCode: fields['statusCode'] ?? fields['status'],
    fields,
  };
}
