/**
 * What a provider asks before its first request to a server: what it was found to do without. The one that all processes share is in the store.
 * Guarantees: a failure of what stands behind it never fails a call: then it is found out once more.
 */
export type ServerQuirks = {
  /** The names of features that a server does without with a model. */
  read(server: string, model: string): Promise<readonly string[]>
  keep(server: string, model: string, feature: string): Promise<void>
}

/** For a provider of one process without a store. */
export const UNKEPT: ServerQuirks = { read: async () => [], keep: async () => {} }

/** A server as its quirks are kept: its address without credentials. */
export function serverOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl)
  return origin + pathname.replace(/\/$/, '')
}
