import { isQueueName } from '../../queues/catalog.ts'
import {
  isQueueNameForm,
  isTimeoutMs,
  QUEUE_NAME_FORM,
  type QueueContract,
  TIMEOUT_FORM,
} from '../../queues/define-queue.ts'
import { isSlotPolicy } from '../../queues/slot-policy.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { RESERVED_NAMES } from '../../shared/redis/key-catalogue.ts'
import type { ExtraWorker } from './fleet.ts'
import { type FleetMember, fleetMember } from './fleet-member.ts'
import type { Handler } from './job-context.ts'

/** A worker of the host that runs like the product's: its payload is checked, and its handler gets a `JobContext`. */
export type HostWorker<Payload extends object> = {
  readonly contract: QueueContract<string, Payload>
  /** How many jobs one process runs at once. @default the contract's */
  readonly concurrency?: number
  readonly handler: Handler<Payload>
}

/**
 * Checks a host's typed workers and binds their handlers, before anything is opened.
 * @throws CONFIG_INVALID naming every fault at once.
 */
export function bindHostWorkers(
  given: readonly HostWorker<never>[],
  extraWorkers: readonly ExtraWorker[],
): FleetMember[] {
  const workers: unknown = given
  const taken = extraWorkers.map((worker) => worker.queue)
  const faults = Array.isArray(workers)
    ? workers.flatMap((worker, index) => {
        const before = new Set([...taken, ...given.slice(0, index).map((one) => one?.contract?.name)])
        return findHostWorkerFaults(worker, before).map((fault) => `workers[${index}]${fault}`)
      })
    : [`workers: expected a list, got ${describeValue(workers)}`]
  refuse(faults, 'workers')
  return given.map(({ contract, handler, concurrency }) =>
    fleetMember(contract as unknown as QueueContract<string, object>, handler as Handler<object>, concurrency),
  )
}

/**
 * Checks a host's raw BullMQ workers, before anything is opened.
 * @throws CONFIG_INVALID naming every fault at once.
 */
export function checkExtraWorkers(given: unknown): readonly ExtraWorker[] {
  const faults = Array.isArray(given)
    ? given.flatMap((worker, index) =>
        findFaults(worker, namesBefore(given, index)).map((fault) => `extraWorkers[${index}]${fault}`),
      )
    : [`extraWorkers: expected a list, got ${describeValue(given)}`]
  refuse(faults, 'extraWorkers')
  return given as readonly ExtraWorker[]
}

function refuse(faults: readonly string[], option: 'workers' | 'extraWorkers'): void {
  if (faults.length === 0) return
  throw new AfterturnError(
    'CONFIG_INVALID',
    `The workers in \`${option}\` have ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
    { remedy: `Correct the fields of \`${option}\` that the message names.` },
  )
}

function findHostWorkerFaults(worker: unknown, taken: ReadonlySet<unknown>): string[] {
  if (typeof worker !== 'object' || worker === null) return [`: expected an object, got ${describeValue(worker)}`]
  const { contract, concurrency, handler } = worker as Partial<Record<keyof HostWorker<never>, unknown>>
  const { name, payload } = (contract ?? {}) as Partial<Record<'name' | 'payload', unknown>>
  const isContract = typeof payload === 'object' && payload !== null && 'safeParse' in payload
  return [
    ...(isContract
      ? findNameFaults('contract', name, taken)
      : [`.contract: expected what defineQueue returns, got ${describeValue(contract)}`]),
    ...(concurrency === undefined || isCount(concurrency)
      ? []
      : [`.concurrency: expected a whole number from 1, got ${describeValue(concurrency)}`]),
    ...(typeof handler === 'function' ? [] : [`.handler: expected a function, got ${describeValue(handler)}`]),
  ]
}

function findNameFaults(field: string, name: unknown, taken: ReadonlySet<unknown>): string[] {
  const fault = (expected: string) => [`.${field}: expected ${expected}, got ${describeValue(name)}`]
  if (!isQueueNameForm(name)) return fault(QUEUE_NAME_FORM)
  if (isQueueName(name)) return fault('a name other than those of the built-in queues')
  if (taken.has(name)) return fault('one worker per queue')
  if (RESERVED_NAMES.has(name)) return fault("a name that does not begin one of the fleet's own Redis keys")
  return []
}

function findFaults(worker: unknown, taken: ReadonlySet<unknown>): string[] {
  if (typeof worker !== 'object' || worker === null) return [`: expected an object, got ${describeValue(worker)}`]
  const given = worker as Partial<Record<keyof ExtraWorker, unknown>>
  const { queue, concurrency, processor, timeoutMs, contract, slots } = given
  const faults = findNameFaults('queue', queue, taken)
  const expect = (field: string, value: unknown, isRight: boolean, expected: string) => {
    if (!isRight) faults.push(`.${field}: expected ${expected}, got ${describeValue(value)}`)
  }
  expect('concurrency', concurrency, isCount(concurrency), 'a whole number from 1')
  expect('processor', processor, typeof processor === 'function', 'a function')
  expect('timeoutMs', timeoutMs, timeoutMs === undefined || isTimeoutMs(timeoutMs), `${TIMEOUT_FORM}, or none`)
  const name = (contract as { name?: unknown } | undefined)?.name
  expect('contract', name, contract === undefined || name === queue, 'the contract of this queue, or none')
  expect('slots', slots, slots === undefined || isSlotPolicy(slots), 'a key function with a limit from 1, or none')
  return faults
}

function namesBefore(workers: readonly unknown[], index: number): ReadonlySet<unknown> {
  return new Set(workers.slice(0, index).map((worker) => (worker as Partial<ExtraWorker> | null)?.queue))
}

function isCount(value: unknown): boolean {
  return isPositive(value) && Number.isInteger(value)
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}
