import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

/** A git repository of one test file. */
export type TestRepo = {
  readonly path: string
  git(...args: string[]): string
  /** Writes files, removes those that are null, commits, and answers the commit. */
  commit(files: Readonly<Record<string, string | Buffer | null>>): string
}

const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']

/** Makes repositories in a directory that is gone after the file. */
export function useGitRepos(): { readonly dir: string; create(name: string): TestRepo } {
  const dir = mkdtempSync(join(tmpdir(), 'afterturn-test-git-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  return {
    dir,
    create(name) {
      const path = join(dir, name)
      const git = (...args: string[]) =>
        execFileSync('git', [...IDENTITY, '-C', path, ...args], {
          encoding: 'utf8',
          env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
          stdio: ['ignore', 'pipe', 'pipe'],
        }).trimEnd()
      mkdirSync(path, { recursive: true })
      git('init', '--quiet', '--initial-branch=main')
      return {
        path,
        git,
        commit(files) {
          for (const [name, content] of Object.entries(files)) {
            const file = join(path, name)
            if (content === null) rmSync(file)
            else {
              mkdirSync(dirname(file), { recursive: true })
              writeFileSync(file, content)
            }
          }
          git('add', '--all')
          git('commit', '--quiet', '--allow-empty', '--message=change')
          return git('rev-parse', 'HEAD')
        },
      }
    },
  }
}
