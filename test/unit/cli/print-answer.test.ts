import { afterEach, expect, it, vi } from 'vitest'
import { printAnswer } from '../../../cli/operations/print-answer.ts'

/** Answers as people see them on a terminal. */

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

it('a table has the columns of all of its items, not of the first alone', () => {
  vi.stubEnv('COLUMNS', '200')
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const { isTTY } = process.stdout
  process.stdout.isTTY = true
  try {
    printAnswer({ versions: [{ version: 2 }, { version: 1, label: 'good', tags: ['a'] }] }, false)
  } finally {
    process.stdout.isTTY = isTTY
  }
  expect(lines[0]).toMatch(/VERSION +LABEL/)
  expect(lines[2]).toMatch(/^1 +good$/)
})
