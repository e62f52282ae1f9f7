/** Where a secret is: UTF-16 offsets, `end` exclusive. `kind` names it in the mark that takes its place: `github-token`, `password`. */
export type FoundSecret = { readonly kind: string; readonly start: number; readonly end: number }
