/**
 * Errors of registration, tenant mapping and the reporting of usage. The first eight codes are those
 * of the original; it gives no statuses for them, so the statuses are ours.
 */
export const reportingErrors = {
  RegistrationNotFound: {
    status: 404,
    template:
      "There is no registration '{name}' in the resource group '{resourceGroup}' of the subscription '{subscriptionId}'.",
    advice: 'Check the three values; the list of registrations of the subscription shows its own.',
  },
  CustomerSubscriptionNotFound: {
    status: 404,
    template:
      "The registration '{name}' maps no directory to the subscription '{customerSubscriptionId}'.",
    advice: 'List the customer subscriptions of the registration; map the directory first.',
  },
  InvalidCustomerSubscriptionId: {
    status: 400,
    template:
      "The id '{customerSubscriptionId}' is not that of a subscription that commerce knows.",
    advice: 'Use the id of the subscription of the customer, a GUID, as commerce lists it.',
  },
  BadCustomerSubscriptionId: {
    status: 403,
    template:
      "The subscription '{customerSubscriptionId}' does not roll up to the partner of the registration.",
    advice: 'Use a subscription that your own partner account made for the customer.',
  },
  UnauthorizedCspRegistration: {
    status: 403,
    template: "The registration '{name}' may not map customers: {reason}.",
    advice:
      'Register under a cloud service provider subscription that the operator of commerce approved for multi-tenancy.',
  },
  InvalidCSPSubscription: {
    status: 400,
    template:
      "The subscription '{customerSubscriptionId}' is of the kind {kind}, and customers have those of a cloud service provider.",
    advice: 'Use a subscription of the kind CSP that the partner made for the customer.',
  },
  CustomerSubscriptionsNotAllowed: {
    status: 409,
    template:
      "The registration '{name}' is of the billing model {billingModel}, which maps no customers.",
    advice: 'Register the stamp anew with the billing model PayAsYouUse to map customers.',
  },
  MetadataResolverBadGatewayError: {
    status: 502,
    template:
      "What is known of the subscription '{customerSubscriptionId}' cannot be found out: {reason}.",
    advice: 'Send the request again after a while; the directory of subscriptions did not answer.',
  },
  CloudIdUpdateNotAllowed: {
    status: 409,
    template:
      "The registration '{name}' belongs to the stamp '{cloudId}', and another cannot take it over.",
    advice: 'Give this stamp a registration of another name, or remove that one first.',
  },
  CloudIdAlreadyRegistered: {
    status: 409,
    template: "The cloud identifier '{cloudId}' is already registered as '{resourceId}'.",
    advice:
      'Register again under that very name and group, move the registration, or remove it first.',
  },
  BillingModelNotAllowed: {
    status: 409,
    template: 'The billing model {billingModel} is not for subscriptions of the kind {kind}.',
    advice: 'Use a subscription of a kind that allows the billing model, or another billing model.',
  },
  MissingMsAssetTag: {
    status: 400,
    template: 'The billing model Custom needs an asset tag, and the registration token has none.',
    advice: 'Make the registration token again and state the asset tag.',
  },
  MissingAgreementNumber: {
    status: 400,
    template:
      'The billing model Capacity needs an agreement number, and the registration token has none.',
    advice: 'Make the registration token again and state the agreement number.',
  },
  InvalidRegistrationToken: {
    status: 400,
    template: 'The registration token cannot be used: {reason}.',
    advice: 'Make a new token on the stamp with stackmeter activation token, and send it as it is.',
  },
  InvalidActivationKey: {
    status: 400,
    template: 'The activation key cannot be used: {reason}.',
    advice:
      'Fetch the activation key of the registration that was made with the token of this very stamp.',
  },
  NotActivated: {
    status: 409,
    template: 'This stamp is not activated, so there is no commerce to speak to.',
    advice:
      'Register the stamp and apply the activation key; docs/operating/registration.md says how.',
  },
  RegistrationExpired: {
    status: 403,
    template: 'The registration ended at {expiration}.',
    advice: 'Register the stamp again; windows that closed meanwhile are then sent.',
  },
  UsageReportingOff: {
    status: 409,
    template: 'The registration takes no usage: {reason}.',
    advice: 'Register the stamp again with reporting on; until then usage stays on the stamp.',
  },
  ReportedWindowGap: {
    status: 409,
    template: 'The window {window} cannot be taken: {expected} has to come next.',
    advice: 'Send windows in order, each whole, beginning with the one that the message names.',
  },
  ReportedWindowInFuture: {
    status: 409,
    template:
      'The window {window} cannot be taken: it ends more than a day after {now}, the time of commerce.',
    advice:
      'Set the clock of the stamp, or that of commerce, right; the window is taken when its time has come.',
  },
  ReportedBatchAltered: {
    status: 409,
    template: 'Batch {sequence} of the window {window} was received before with other content.',
    advice:
      'Delete the window unless it is accepted, and send it again; closed usage never changes.',
  },
  ManifestMismatch: {
    status: 409,
    template: 'The manifest of the window {window} does not add up: {difference}.',
    advice:
      'Send what is missing, or delete the window and send it again; the details name each difference.',
  },
  InvalidReport: {
    status: 400,
    template: 'The report cannot be read: {place} {rule}.',
    advice: 'Send reports in the form that docs/reference/reporting.md describes.',
  },
  StatementInvalid: {
    status: 422,
    template: 'The statement is not what commerce signed: {reason}.',
    advice:
      'Fetch the statement again; if it fails again, ask the operator of commerce for the cause.',
  },
  ReportedWindowUnfit: {
    status: 409,
    template: 'The window {window} is not fit to be reported: {reason}.',
    advice:
      'Check the window with stackmeter window verify and restore what was damaged; reporting then goes on by itself.',
  },
  ReportedWindowExpired: {
    status: 410,
    template: 'The window {window} cannot be reported: its rows are past retention and gone.',
    advice:
      'Restore a copy of the stamp that has the rows, or register with reporting off and on again to begin anew.',
  },
  CommerceUnreachable: {
    status: 502,
    template: 'Commerce at {url} did not answer as it should: {reason}.',
    advice: 'Check that commerce runs and can be reached from the stamp, then try again.',
  },
} as const;
