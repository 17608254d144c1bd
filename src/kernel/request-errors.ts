/**
 * Errors with which a request is answered. Codes and statuses are those of the usage interface
 * contract and of the resource manager in front of it; the words are our own.
 */
export const requestErrors = {
  PortalAssetNotFound: {
    status: 404,
    template: "The portal has no file '{name}'.",
    advice: 'Load the page again: the server has another version of it by now.',
  },
  PortalNotBuilt: {
    status: 503,
    template: 'The pages of the portal have not been built on this server.',
    advice: 'Start the server with bin/stackmeter, which builds them, or run bin/build-portal.',
  },
  NoApiVersion: {
    status: 400,
    template: 'The request names no api-version; this path accepts {supported}.',
    advice: 'Add the query parameter api-version with a version that the message lists.',
  },
  MissingApiVersionParameter: {
    status: 400,
    template: 'The query parameter api-version is missing, and every request needs it.',
    advice: 'Add the query parameter api-version to the address.',
  },
  InvalidApiVersionParameter: {
    status: 400,
    template: "The api-version '{version}' is not supported; supported are '{supported}'.",
    advice: 'Ask again with a version that the message lists, newest first.',
  },
  InvalidProperty: {
    status: 400,
    template: "The value '{value}' of {parameter} is not valid: {rule}.",
    advice: 'Correct the parameter or property that the message names, by the rule it gives.',
  },
  BadRequest: {
    status: 400,
    template: "The value '{value}' of {parameter} is not a time in ISO 8601 form.",
    advice:
      'Write the time like 2018-06-01T10:00:00Z or 2018-06-01T10:00:00+00:00, with the plus sent as %2B.',
  },
  RequestEndTimeIsInFuture: {
    status: 400,
    template: "The reportedEndTime '{value}' is in the future: it is {now} now.",
    advice: 'Ask for a range that ends now or earlier.',
  },
  SubscriberIdIsNotDirectTenant: {
    status: 400,
    template: "The subscription '{subscriberId}' is not a direct tenant of '{subscriptionId}'.",
    advice:
      'Name a subscription that was made directly under the caller, or leave subscriberId out.',
  },
  SubscriptionIdMissingInRequest: {
    status: 400,
    template: 'The request does not say which subscription it is made from.',
    advice: "Put the caller's subscription id into the path.",
  },
  InvalidAggregationGranularity: {
    status: 400,
    template: "The aggregationGranularity '{value}' is not known.",
    advice: 'Use Daily or Hourly, or leave the parameter out for Daily.',
  },
  InvalidRequestContent: {
    status: 400,
    template: 'The body of the request cannot be read: {reason}.',
    advice: 'Send a complete body in the form that its content type names.',
  },
  ProcessingNotCompleted: {
    status: 202,
    template: 'Usage of this range is not complete: the reported {granularity} {window} is open.',
    advice: 'Ask again once that window is closed, or end the range at its start.',
  },
  UsageDataExpired: {
    status: 410,
    template: '{granularity} usage reported before {keptFrom} is no longer kept.',
    advice: 'Begin the range at the time in the message or later; daily usage is kept longest.',
  },
  AuthenticationFailed: {
    status: 401,
    template: 'The caller is not signed in: {reason}.',
    advice: 'Get an access token from the authority and send it as Authorization: Bearer.',
  },
  InvalidAuthenticationToken: {
    status: 401,
    template: 'The access token is not valid: {reason}.',
    advice: 'Get a new access token from the authority for the audience of this service.',
  },
  AuthorizationFailed: {
    status: 403,
    template: "The client '{client}' has no role that allows '{action}' on '{scope}'.",
    advice: 'Have an owner of that scope assign the client a role, then get a new access token.',
  },
  SubscriptionNotFound: {
    status: 404,
    template: "There is no subscription '{subscriptionId}' here.",
    advice: 'Check the subscription id and the endpoint.',
  },
  ResourceNotFound: {
    status: 404,
    template: "There is no resource '{type}/{name}' in the resource group '{resourceGroup}'.",
    advice: 'Check the type, the name and the resource group.',
  },
  PlanAcquisitionNotFound: {
    status: 404,
    template: "The subscription has no acquired plan '{acquisitionId}'.",
    advice: 'Look the acquisition id up in the list of plans that the subscription has.',
  },
  InvalidResourceNamespace: {
    status: 404,
    template: "The resource provider '{namespace}' is not offered at this endpoint.",
    advice: 'Check the spelling, and ask for operator namespaces at the operator endpoint.',
  },
  InvalidResourceType: {
    status: 404,
    template: "The resource provider '{namespace}' has no resource type '{type}' here.",
    advice: 'Check the spelling; GET /providers lists the resource types of each provider.',
  },
  NotFound: {
    status: 404,
    template: "There is nothing at '{path}'.",
    advice: 'Check the path; the reference of the interfaces lists those that exist.',
  },
  MethodNotAllowed: {
    status: 405,
    template: "The path '{path}' does not take {method}; it takes {allowed}.",
    advice: 'Use a method that the message lists.',
  },
  Conflict: {
    status: 409,
    template: 'The change does not fit what is stored: {reason}.',
    advice: 'Read the present state, then make the change again from there.',
  },
  PreconditionFailed: {
    status: 412,
    template: 'The change is not made: {reason}.',
    advice: 'Read the present state with its entity tag, then make the change again from there.',
  },
  RoleAssignmentExists: {
    status: 409,
    template: 'The role assignment cannot be made: {reason}.',
    advice: 'List the role assignments of the scope, and use the one that is there.',
  },
  MissingSubscriptionRegistration: {
    status: 409,
    template: "The subscription '{subscriptionId}' is not registered for '{namespace}'.",
    advice: 'Register the subscription with that resource provider first.',
  },
  PayloadTooLarge: {
    status: 413,
    template: 'The body is larger than the {limit} bytes that are taken at once.',
    advice: 'Send the content in several smaller requests.',
  },
  TooManyRecords: {
    status: 413,
    template: 'The request holds more than the {limit} records that are taken at once.',
    advice: 'Send the records in several smaller requests.',
  },
  UnsupportedMediaType: {
    status: 415,
    template: "The {header} '{value}' is not supported here; use {supported}.",
    advice: 'Send the body in a form that the message lists.',
  },
  TooManyRequests: {
    status: 429,
    template: 'The budget of {limit} is spent; it is free again in {seconds} seconds.',
    advice: 'Wait as long as the header Retry-After says, then send the request again.',
  },
  MalformedRequest: {
    status: 400,
    template: 'The request is not well-formed HTTP.',
    advice: 'Send HTTP/1.1 requests with a Host header; look for a proxy that alters them.',
  },
  RequestTimeout: {
    status: 408,
    template: 'The request did not arrive in time.',
    advice: 'Send the whole request without pause; split large bodies into several requests.',
  },
  ExpectationFailed: {
    status: 417,
    template: 'The Expect header asks for something other than 100-continue.',
    advice: 'Leave the Expect header out.',
  },
  RequestHeadersTooLarge: {
    status: 431,
    template: 'The request line and headers are larger than 16384 bytes together.',
    advice: 'Shorten the address and leave out headers that are not needed.',
  },
  InternalServerError: {
    status: 500,
    template: 'The service failed to answer; its log has the cause under request {requestId}.',
    advice: 'Send the request again; if it fails again, look the request id up in the log.',
  },
  ServiceUnavailable: {
    status: 503,
    template: 'The service cannot take the request now: {reason}.',
    advice: 'Send the same request again after a short wait; the header Retry-After may say when.',
  },
  GatewayTimeout: {
    status: 504,
    template: "The resource provider '{namespace}' did not answer within {seconds} seconds.",
    advice: 'Ask for less at once: a shorter range, or one subscription at a time.',
  },
} as const;
