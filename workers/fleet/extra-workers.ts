import { isQueueName } from '../../queues/catalog.ts'
import { isQueueNameForm, QUEUE_NAME_FORM } from '../../queues/define-queue.ts'
import { isSlotPolicy } from '../../queues/slot-policy.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { RESERVED_NAMES } from '../../shared/redis/key-catalogue.ts'
import type { ExtraWorker } from './fleet.ts'

/**
 * Checks the workers that a host brings along, before anything is opened.
 * @throws CONFIG_INVALID naming every fault at once.
 */
export function checkExtraWorkers(given: unknown): readonly ExtraWorker[] {
  const faults = Array.isArray(given)
    ? given.flatMap((worker, index) =>
        faultsOf(worker, namesBefore(given, index)).map((fault) => `extraWorkers[${index}]${fault}`),
      )
    : [`extraWorkers: expected a list, got ${describeValue(given)}`]
  if (faults.length > 0)
    throw new AfterturnError(
      'CONFIG_INVALID',
      `The extra workers have ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
      {
        remedy: 'Correct the fields of `extraWorkers` that the message names.',
      },
    )
  return given as readonly ExtraWorker[]
}

function faultsOf(worker: unknown, taken: ReadonlySet<unknown>): string[] {
  if (typeof worker !== 'object' || worker === null) return [`: expected an object, got ${describeValue(worker)}`]
  const given = worker as Partial<Record<keyof ExtraWorker, unknown>>
  const { queue, concurrency, processor, timeoutMs, contract, slots } = given
  const faults: string[] = []
  const expect = (field: string, value: unknown, isRight: boolean, expected: string) => {
    if (!isRight) faults.push(`.${field}: expected ${expected}, got ${describeValue(value)}`)
  }
  const isName = isQueueNameForm(queue)
  expect('queue', queue, isName, QUEUE_NAME_FORM)
  if (isName) {
    expect('queue', queue, !isQueueName(queue), 'a name that is no queue of the product')
    expect('queue', queue, !taken.has(queue), 'one worker a queue')
    expect('queue', queue, !RESERVED_NAMES.has(queue), "a name that the fleet's own keys do not begin with")
  }
  expect('concurrency', concurrency, isPositive(concurrency) && Number.isInteger(concurrency), 'a whole number from 1')
  expect('processor', processor, typeof processor === 'function', 'a function')
  expect('timeoutMs', timeoutMs, timeoutMs === undefined || isPositive(timeoutMs), 'a time above 0 ms, or none')
  const name = (contract as { name?: unknown } | undefined)?.name
  expect('contract', name, contract === undefined || name === queue, 'the contract of this queue, or none')
  expect('slots', slots, slots === undefined || isSlotPolicy(slots), 'a key function with a limit from 1, or none')
  return faults
}

function namesBefore(workers: readonly unknown[], index: number): ReadonlySet<unknown> {
  return new Set(workers.slice(0, index).map((worker) => (worker as Partial<ExtraWorker> | null)?.queue))
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
