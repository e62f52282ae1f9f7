import { spawnSync } from 'node:child_process'
import type { Check } from './doctor-report.ts'

/** Whether git is there, which only the indexing of repositories needs. */
export function checkGit(): Check {
  const { stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' })
  const finding = stdout?.trim() || 'none; repo-indexing needs it, and nothing else does'
  return { name: 'git', isGood: true, finding }
}
