/** What each sender may bring to the responder where nobody says more: settings have these defaults, and so has the program. */
export const INTAKE_DEFAULTS = {
  nodeAlertsPerSecond: 1000,
  sidekickAlertsPerSecond: 5000,
  tokenReviewsPerSecond: 50,
  refusalsPerSecond: 10,
} as const;
