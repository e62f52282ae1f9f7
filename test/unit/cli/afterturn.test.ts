import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useCommands } from '../../helpers/processes/commands.ts'

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

const run = useCommands()
/** Calls the command with nothing configured: whatever it started would fail, and keep its process from ending. */
const call = (...args: readonly string[]) => run(args, { ...BARE_ENVIRONMENT, REDIS_URL: 'redis://127.0.0.1:1' })

describe('the command', () => {
  it('lists every process and tool, within 80 columns', async () => {
    const { code, stdout } = await call('--help')
    expect(code).toBe(0)
    for (const name of [...QUEUE_NAMES, 'store', 'migrate', 'dashboard', 'api', 'web', 'workers', ...TOOLS, ...GROUPS])
      expect(stdout).toContain(`\n  ${name} `)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it.each(['store', 'migrate', 'dashboard', 'api', 'web', 'memory-digest', 'workers', ...TOOLS])(
    '%s --help prints help and starts nothing',
    async (name) => {
      expect(await call(name, '--help')).toEqual({
        code: 0,
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
    async (group, verb) => {
      const { code, stdout, stderr } = await call(group, verb, '--help')
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain(`Usage: afterturn ${group} ${verb}`)
      expect(stdout).toMatch(/--org <value>/)
    },
    30_000,
  )

  it.each([
    [[], 'Usage: afterturn NAME'],
    [['memory-digset'], 'Unknown name "memory-digset". Did you mean memory-digest?'],
    [['workers', 'memory-digest'], 'Unexpected argument "memory-digest"'],
    [['store', '--port'], 'Unexpected argument "--port"'],
  ])('called with %j ends with 2', async (args, message) => {
    expect(await call(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})
