/**
 * Reasons for which a usage record is kept aside in quarantine instead of being counted. Each is shown
 * to the sender and to the operator (invariant "told").
 */
export const recordErrors = {
  UnknownSubscription: {
    status: 422,
    template: "There is no subscription '{subscriptionId}'.",
    advice: 'Create or import the subscription, then release the record from quarantine.',
  },
  SubscriptionNotActive: {
    status: 422,
    template: "The subscription '{subscriptionId}' takes no usage, because its state is {state}.",
    advice: 'Enable the subscription and release the record, or discard the record.',
  },
  ResourceOutsideSubscription: {
    status: 422,
    template: "The resource '{resourceUri}' is not in the subscription '{subscriptionId}'.",
    advice: 'Have the emitter name the subscription that the resource URI begins with.',
  },
  InvalidResourceUri: {
    status: 422,
    template: "The resourceUri '{value}' does not name a resource of a subscription.",
    advice:
      'Write it like /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}.',
  },
  UnknownMeter: {
    status: 422,
    template: "There is no meter '{meterId}'.",
    advice: 'Add the meter to the catalogue and release the record, or correct the meter id.',
  },
  InvalidQuantity: {
    status: 422,
    template: "The quantity '{value}' is not a decimal number.",
    advice: 'Send the quantity as a JSON number, or as text in the form of one.',
  },
  NegativeQuantity: {
    status: 422,
    template: 'The quantity {value} is negative, and usage cannot be.',
    advice: 'Correct usage by a credit in billing, not by negative usage.',
  },
  QuantityTooLong: {
    status: 422,
    template: 'The quantity has {digits} digits, and at most {limit} are taken.',
    advice: 'Have the emitter round the quantity to the precision that it can measure.',
  },
  InvalidTime: {
    status: 422,
    template: "The value '{value}' of {field} is not a time in ISO 8601 form.",
    advice: 'Write the time like 2018-06-01T10:00:00Z.',
  },
  StartNotBeforeEnd: {
    status: 422,
    template: 'The usage starts at {start}, which is not before its end at {end}.',
    advice: 'Send a usageStartTime that is earlier than usageEndTime.',
  },
  PeriodTooLong: {
    status: 422,
    template: 'The usage from {start} to {end} covers more than {limit}.',
    advice: 'Have the emitter send one record for each shorter period.',
  },
  UsageInFuture: {
    status: 422,
    template: 'The usage ends at {end}, and it is only {now} now.',
    advice: 'Check the clock of the emitter, and emit usage after it happened.',
  },
  UnsupportedEventType: {
    status: 422,
    template: "Events of the type '{type}' are not taken here; {supported} is.",
    advice: 'Send usage under the type that the message names.',
  },
  InvalidEvent: {
    status: 422,
    template: 'The event is not usable: {field} {rule}.',
    advice: 'Correct the field that the message names and send the event again.',
  },
  NotPermittedToEmit: {
    status: 422,
    template: "The client '{client}' may not emit usage of '{provider}' for '{subscriptionId}'.",
    advice: 'Assign the client the role Emitter for that subscription and provider.',
  },
  RecordConflict: {
    status: 422,
    template:
      "The id '{id}' of the source '{source}' already stands for a record of other content.",
    advice: 'Find out which content is right; new usage needs a new id, and the first one counts.',
  },
  PropertyTooLong: {
    status: 422,
    template: 'The field {field} is {length} long, and at most {limit} is taken.',
    advice: 'Shorten the field that the message names.',
  },
} as const;
