import { expect, it } from 'vitest'
import { gitVersion, refuseOldGit } from '../../../../../workers/repo/git/git-version.ts'

it.each([
  ['git version 2.39.5', 'any', true],
  ['git version 2.31.0', 'any', true],
  ['git version 2.30.9 (Apple Git-130)', 'any', false],
  ['git version 2.37.0.windows.1', 'pinned', true],
  ['git version 2.34.1', 'pinned', false],
  ['git version 3.0.0', 'pinned', true],
  ['git version 1.99', 'any', false],
  ['', 'any', false],
] as const)('%s for %s: %s', (said, use, isFine) => {
  const check = () => refuseOldGit(said, use)
  if (isFine) check()
  else expect(check).toThrow(expect.objectContaining({ code: 'GIT_MISSING', message: expect.stringContaining(said) }))
})

it('knows the git of this machine', async () => {
  expect(await gitVersion(AbortSignal.timeout(10_000))).toMatch(/^git version \d+\.\d+/)
})
