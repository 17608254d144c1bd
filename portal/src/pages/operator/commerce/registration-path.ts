import { usePart } from '../../../app/address.ts';

const ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.AzureStack\/registrations\/([^/]+)$/i;

export interface RegistrationParts extends Readonly<Record<string, string>> {
  readonly subscription: string;
  readonly group: string;
  readonly name: string;
}

/** The parts of the id of a registration, as addresses of pages have them. */
export function registrationParts(id: string): RegistrationParts {
  const [, subscription = '', group = '', name = ''] = ID.exec(id) ?? [];
  return { subscription, group, name };
}

/** The registration that the page is about: its parts, and its path in the interface. */
export function useRegistration(): RegistrationParts & { readonly path: string } {
  const parts = {
    subscription: usePart('subscription'),
    group: usePart('group'),
    name: usePart('name'),
  };
  const [subscription, group, name] = [parts.subscription, parts.group, parts.name].map(
    encodeURIComponent,
  );
  const path = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.AzureStack/registrations/${name}`;
  return { ...parts, path };
}
