import type { Surface } from '../../queues/surface.ts'
import type { Ownership } from '../../shared/access/ownership.ts'

/** The services that operations call. */
export type ApiServices = Surface & {
  /** What belongs to whom, for keys of one user. */
  readonly ownership: Ownership
}
