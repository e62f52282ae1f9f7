import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

/** The files that the merge check may run once more: files whose tests are all that failed. */

const SCRIPT = fileURLToPath(new URL('../../../.ci/results.mjs', import.meta.url))
const late = { name: 'late.test.ts', status: 'failed', message: '', assertionResults: [{ status: 'failed' }] }
const fine = { ...late, name: 'fine.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] }
const leaving = { ...late, name: 'leaving.test.ts', message: 'Not so within 10000 ms; last seen: ["TCPSocketWrap"]' }
const leavingOnly = { ...leaving, assertionResults: [{ status: 'passed' }] }

function filesToRepeat(testResults: readonly object[], log: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'afterturn-results-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [report, logFile] = [join(folder, 'test.json'), join(folder, 'test.log')]
  writeFileSync(report, JSON.stringify({ testResults }))
  writeFileSync(logFile, log)
  return execFileSync(process.execPath, [SCRIPT, 'failed', report, logFile], { encoding: 'utf8' })
}

it('files whose tests failed run once more', () => {
  expect(filesToRepeat([fine, late], 'Tests  1 failed')).toBe('late.test.ts\n')
})

it('none does beside a failure that would be gone then', () => {
  expect(filesToRepeat([late], '\u001b[31mVitest caught 2 unhandled errors during the test run.')).toBe('')
  expect(filesToRepeat([late], 'error during close Error: the server does not stop')).toBe('')
  for (const file of [leaving, leavingOnly]) expect(filesToRepeat([late, file], 'Tests  1 failed')).toBe('')
})
