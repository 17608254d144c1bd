/** Errors of budgets, their alerts and e-mail. */
export const budgetErrors = {
  BudgetNotFound: {
    status: 404,
    template: "There is no budget '{budget}'.",
    advice: 'List those that there are with stackmeter budget list.',
  },
  BudgetCurrencyDiffers: {
    status: 409,
    template: 'The budgets of {account} are in {currency}, and what it sells is in {other} alone.',
    advice: 'Give each buyer a budget of its own, in its currency.',
  },
  BudgetsTooMany: {
    status: 409,
    template: 'The account {account} has {limit} budgets already, and more cannot be made.',
    advice: 'Remove budgets that nobody needs, or give one of them more alerts.',
  },
  MailMessageNotFound: {
    status: 404,
    template: "There is no e-mail '{message}'.",
    advice: 'List those that there are with stackmeter mail list; old ones are deleted in time.',
  },
} as const;
