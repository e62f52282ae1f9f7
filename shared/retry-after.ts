/** Owns how long a wait may be that somebody else asks for: what a provider names is obeyed, but a year would be a lost job. */

/** The most; after it the provider is asked again. */
export const MAX_RETRY_AFTER_MS = 600_000
