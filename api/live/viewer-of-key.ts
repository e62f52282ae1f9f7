import type { Principal } from '../../shared/access/caller.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Viewer } from '../../shared/store/scopes.ts'
import { PROGRESS } from './live-source.ts'

/** What a key may see: a key of one user what is the user's own, as searches of that key do. */
export function viewerOfKey({ userId }: Principal): (stream: readonly string[], wanted: Viewer) => Viewer {
  return ([first], wanted) => {
    if (userId === undefined) return wanted
    const isOther = wanted.userId !== undefined && wanted.userId !== userId
    const isOfAll = first === undefined || first === PROGRESS
    if (isOther || isOfAll || wanted.agentId !== undefined || wanted.workstreamId !== undefined)
      throw forbidden("Expected what the key's own user may see, got more.")
    return { userId }
  }
}

/** Narrows what a ticket shall name to what its maker sees. @throws FORBIDDEN */
export function viewerOfTicket(principal: Principal, streams: readonly (readonly string[])[], wanted: Viewer): Viewer {
  const narrow = viewerOfKey(principal)
  return streams.reduce<Viewer>((_, stream) => narrow(stream, wanted), wanted)
}

/** The error of what a caller may not see. */
export function forbidden(message: string): AfterturnError {
  return new AfterturnError('FORBIDDEN', message, { recorded: 'no' })
}
