/** How the use of a stamp is paid for. */
export const billingModels = [
  'PayAsYouUse',
  'Capacity',
  'Development',
  'Custom',
  'Ruggedized',
] as const;
export type BillingModel = (typeof billingModels)[number];

/** Reads the name of a billing model in any case; undefined for anything else. */
export function parseBillingModel(text: string): BillingModel | undefined {
  return billingModels.find((model) => model.toLowerCase() === text.toLowerCase());
}

/** Whether usage is reported unless somebody says otherwise (usage interface contract, registering). */
export function reportsByDefault(model: BillingModel): boolean {
  return model === 'PayAsYouUse' || model === 'Development' || model === 'Ruggedized';
}
