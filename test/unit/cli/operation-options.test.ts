import { Command } from 'commander'
import { expect, it } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import type { AnyOperation } from '../../../api/operations/define-operation.ts'
import { addOptions, checkOptions, describeFaults, readOptions } from '../../../cli/operations/operation-options.ts'
import type { AfterturnError } from '../../../shared/errors.ts'

/** Inputs of operations on a command line. */

const operation = (id: string) => OPERATIONS.find((one) => one.id === id) as AnyOperation

/** What an operation is given by a command line. */
function read(id: string, args: readonly string[]) {
  const command = new Command().exitOverride()
  addOptions(command, operation(id))
  command.parse([...args], { from: 'user' })
  return readOptions(operation(id), command.processedArgs[0], command.opts())
}

it.each(OPERATIONS.map(({ id }) => [id]))(
  '%s has an option for each field, each of its own name, and says of each what it is',
  (id) => {
    const command = new Command()
    addOptions(command, operation(id))
    const named = command.options.filter(({ long }) => long !== '--lines').length + command.registeredArguments.length
    expect(named).toBeGreaterThanOrEqual(Object.keys(operation(id).input.shape).length)
    const told = [...command.options, ...command.registeredArguments].map(({ description }) => description)
    expect(told.filter((text) => text.replace(' (required)', '') === '')).toEqual([])
  },
)

it('a command that removes says what it removes without the option that narrows it', () => {
  const command = new Command()
  addOptions(command, operation('repos.remove'))
  expect(command.options.find(({ long }) => long === '--ref')?.description).toContain('without it, all refs')
})

it.each([
  ['dead-letters.replay', ['3', '4', '--org', 'acme'], { orgId: 'acme', ids: [3, 4] }],
  ['dead-letters.list', ['--resolved', '--limit', '2'], { isResolved: true, limit: 2 }],
  ['states.save', ['{"step":1}', '--org', 'acme', '--state', 's'], { orgId: 'acme', stateId: 's', state: { step: 1 } }],
  [
    'memory.search',
    ['gate code', '--org', 'acme', '--budget-tokens', '50'],
    { orgId: 'acme', query: 'gate code', budgetTokens: 50 },
  ],
])('%s takes %j', (id, args, input) => {
  expect(read(id, args)).toEqual(input)
})

it.each([
  ['dead-letters.show', [], /^--org: required; \[id\]: required$/],
  ['dead-letters.show', ['x', '--org', 'a'], /^\[id\]: .*expected number/],
  [
    'dead-letters.list',
    ['--org', '', '--limit', '0'],
    /^--org: .*at least 1 character, got 0; --limit: .*at least 1, got 0/,
  ],
  ['dead-letters.list', ['--org', 'a', '--limit', '2.5'], /^--limit: .*expected int/],
  ['dead-letters.list', ['--org', 'a', '--limit', '99999999'], /^--limit: .*at most 200, got 99999999/],
  ['dead-letters.replay', ['1', 'x', '--org', 'a'], /^\[ids\]\.1: .*expected number/],
  ['dead-letters.drop', ['--org', 'a'], /^\[ids\]: required/],
])('%s refuses %j by the names on the command line', (id, args, message) => {
  let told = ''
  try {
    checkOptions(operation(id), read(id, args))
  } catch (error) {
    told = describeFaults(operation(id), error as AfterturnError)
  }
  expect(told).toMatch(message)
})
