import { AfterturnError } from '../../../shared/errors.ts'
import { runGit } from './git.ts'

/**
 * Owns which versions of git will do. An older one takes no notice of what it does not know: of the settings without which a repository could
 * start programs, or of the address to which it is to connect.
 */

/** Since when settings are taken from the environment. */
export const MIN_GIT = [2, 31] as const
/** Since when `http.curloptResolve` keeps it to an address. */
export const MIN_GIT_PINNED = [2, 37] as const

type Version = readonly [major: number, minor: number]

let known: string | undefined

/** What `git --version` says. @throws GIT_MISSING */
export async function gitVersion(signal: AbortSignal): Promise<string> {
  known ??= (await runGit(['--version'], { signal })).output.toString('utf8').trim()
  return known
}

/** Whether a version is at least as new as another. */
export function isGitSince(said: string, [major, minor]: Version): boolean {
  const [, first = 0, second = 0] = /(\d{1,4})\.(\d{1,4})/.exec(said)?.map(Number) ?? []
  return first > major || (first === major && second >= minor)
}

/**
 * Refuses a git that is too old; `pinned` is for one that is to connect to no address but one.
 * @throws GIT_MISSING
 */
export function refuseOldGit(said: string, use: 'any' | 'pinned'): void {
  const needed = use === 'pinned' ? MIN_GIT_PINNED : MIN_GIT
  if (isGitSince(said, needed)) return
  const purpose = use === 'pinned' ? ' to clone by https from a host that REPO_HOSTS does not name' : ''
  throw new AfterturnError('GIT_MISSING', `Expected git ${needed.join('.')} or newer${purpose}, got ${said}.`)
}
