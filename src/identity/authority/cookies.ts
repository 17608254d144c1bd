/** Names of the cookies: browsers hold those with a prefix to HTTPS and to this very host. */
export const cookieNames = {
  session: '__Host-stackmeter-session',
  interaction: '__Secure-stackmeter-signin',
  resume: '__Secure-stackmeter-resume',
  language: '__Host-stackmeter-language',
} as const;
