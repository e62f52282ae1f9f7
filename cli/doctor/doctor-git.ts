import { spawnSync } from 'node:child_process'
import { gitVersion, isGitSince, MIN_GIT, MIN_GIT_PINNED } from '../../workers/repo/git/git-version.ts'
import type { Check } from './doctor-report.ts'

const LIMIT_KB = '1048576'

/** Checks that git is installed and new enough for the indexing of repositories, its only user. */
export async function checkGit(): Promise<Check> {
  const said = await gitVersion(AbortSignal.timeout(10_000)).catch(() => undefined)
  if (said === undefined) return report('not installed; only repo-indexing needs it', true)
  const details = canBoundMemory() ? [] : ['This system cannot limit the memory of git fetches.']
  if (!isGitSince(said, MIN_GIT))
    return report(`${said}, which is too old: repo-indexing needs ${MIN_GIT.join('.')}`, true, details)
  if (!isGitSince(said, MIN_GIT_PINNED))
    details.push(
      `With this version https is cloned from REPO_HOSTS only; any public host needs git ${MIN_GIT_PINNED.join('.')}.`,
    )
  return report(said, details.length > 0, details)
}

/** Tries it as workers do: a shell that cannot, such as that of macOS, continues without the limit. */
function canBoundMemory(): boolean {
  const { stdout } = spawnSync('/bin/sh', ['-c', `ulimit -v ${LIMIT_KB} 2>/dev/null; ulimit -v`], { encoding: 'utf8' })
  return stdout?.trim() === LIMIT_KB
}

function report(finding: string, isWarning: boolean, details: readonly string[] = []): Check {
  return { name: 'git', isGood: true, isWarning, finding, details }
}
