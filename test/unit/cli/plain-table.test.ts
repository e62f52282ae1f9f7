import { afterEach, expect, it, vi } from 'vitest'
import { printPlainTable } from '../../../cli/output/plain-table.ts'
import { printHanging } from '../../../cli/output/terminal.ts'

const LONG = 'mode-normal-'.repeat(20)

/** What is printed where nobody has a terminal. */
function printed(columns: string | undefined, print: () => void): string {
  vi.stubEnv('COLUMNS', columns)
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  print()
  return lines.join('\n')
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const table = () =>
  printPlainTable([{ title: 'ID' }, { title: 'ORG', isCut: true }, { title: 'OF', isCut: true }], [['1', LONG, LONG]])

it('a table in a pipe is never cut, whatever its width', () => {
  expect(printed(undefined, table)).toContain(`1   ${LONG}  ${LONG}`)
})

it('a table is cut to the width that is asked for', () => {
  const lines = printed('60', table).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBe(60)
  expect(lines[1]).toContain('…')
})

it('a text in a pipe stays on its line', () => {
  const path = `src/${'directory/'.repeat(20)}cart.ts:1-4`
  expect(printed(undefined, () => printHanging(10, '  Serves', path))).toBe(`  Serves  ${path}`)
  expect(printed('40', () => printHanging(10, '  Serves', path)).split('\n').length).toBeGreaterThan(4)
})
