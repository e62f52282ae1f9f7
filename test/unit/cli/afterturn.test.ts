import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'

const COMMAND = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const GROUPS = [...new Set(OPERATIONS.map(({ id }) => id.split('.')[0] as string))]
const TOOLS = [
  'dev',
  'doctor',
  'index',
  'search-code',
  'kill-switch',
  'dead-letters',
  'review',
  'status',
  'erase',
  'export',
  'mcp',
]

/** Calls the command with nothing configured: whatever it started would fail. */
function call(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH, REDIS_URL: 'redis://127.0.0.1:1' },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('the command', () => {
  it('lists every process and tool, within 80 columns', () => {
    const { status, stdout } = call('--help')
    expect(status).toBe(0)
    for (const name of [...QUEUE_NAMES, 'store', 'migrate', 'dashboard', 'api', 'web', 'workers', ...TOOLS, ...GROUPS])
      expect(stdout).toContain(`\n  ${name} `)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it.each(['store', 'migrate', 'dashboard', 'api', 'web', 'memory-digest', 'workers', ...TOOLS])(
    '%s --help prints help and starts nothing',
    (name) => {
      expect(call(name, '--help')).toEqual({
        status: 0,
        stdout: expect.stringContaining(`Usage: afterturn ${name}`),
        stderr: '',
      })
    },
    30_000,
  )

  it.each([
    ['memory', 'search'],
    ['turns', 'record'],
    ['keys', 'create'],
  ])(
    '%s %s --help says what it takes',
    (group, verb) => {
      const { status, stdout, stderr } = call(group, verb, '--help')
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain(`Usage: afterturn ${group} ${verb}`)
      expect(stdout).toMatch(/--org <value>/)
    },
    30_000,
  )

  it.each([
    [[], 'Usage: afterturn NAME'],
    [['memory-digset'], 'Unknown name "memory-digset"'],
    [['workers', 'memory-digest'], 'Unexpected argument "memory-digest"'],
    [['store', '--port'], 'Unexpected argument "--port"'],
  ])('called with %j ends with 2', (args, message) => {
    expect(call(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})
