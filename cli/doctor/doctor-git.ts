import { spawnSync } from 'node:child_process'
import { gitVersion, isGitSince, MIN_GIT, MIN_GIT_PINNED } from '../../workers/repo/git/git-version.ts'
import type { Check } from './doctor-report.ts'

const LIMIT_KB = '1048576'

/** Whether git is there, and does what only the indexing of repositories needs of it. */
export async function checkGit(): Promise<Check> {
  const said = await gitVersion(AbortSignal.timeout(10_000)).catch(() => undefined)
  if (said === undefined) return report('none; repo-indexing needs it, and nothing else does', true)
  const details = canBoundMemory() ? [] : ['This system does not bound the memory of a git that fetches.']
  if (!isGitSince(said, MIN_GIT))
    return report(`${said}, which is too old: repo-indexing needs ${MIN_GIT.join('.')}`, true, details)
  if (!isGitSince(said, MIN_GIT_PINNED))
    details.push(`https is cloned only from REPO_HOSTS; from any public host with git ${MIN_GIT_PINNED.join('.')}.`)
  return report(said, details.length > 0, details)
}

/** As workers try it: a shell that cannot, as that of macOS, goes on without. */
function canBoundMemory(): boolean {
  const { stdout } = spawnSync('/bin/sh', ['-c', `ulimit -v ${LIMIT_KB} 2>/dev/null; ulimit -v`], { encoding: 'utf8' })
  return stdout?.trim() === LIMIT_KB
}

function report(finding: string, isWarning: boolean, details: readonly string[] = []): Check {
  return { name: 'git', isGood: true, isWarning, finding, details }
}
