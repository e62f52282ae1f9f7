import { expect, it } from 'vitest'
import { checkExtraWorkers } from '../../../../workers/fleet/extra-workers.ts'

const worker = { queue: 'send-mail', concurrency: 2, processor: async () => {} }

it('lets through what can run', () => {
  const workers = [worker, { ...worker, queue: 'b', timeoutMs: 5, slots: { key: () => 'a', limit: () => 1 } }]
  expect(checkExtraWorkers(workers)).toBe(workers)
})

it.each([
  [
    [{ ...worker, queue: 'memory-digest' }],
    '[0].queue: expected a name other than those of the built-in queues, got "memory-digest"',
  ],
  [[{ ...worker, queue: 'slots' }], "[0].queue: expected a name that does not begin one of the fleet's own Redis keys"],
  [[worker, worker], '[1].queue: expected one worker per queue, got "send-mail"'],
  [[{ ...worker, queue: 'a:b' }], '[0].queue: expected a-z first'],
  [[{ ...worker, queue: '' }], '[0].queue: expected a-z first'],
  [[{ ...worker, queue: undefined }], '[0].queue: expected a-z first, then a-z, 0-9 and -, at most 61, got nothing'],
  [[{ ...worker, concurrency: 0 }], '[0].concurrency: expected a whole number from 1, got 0'],
  [[{ ...worker, concurrency: 1.5 }], '[0].concurrency'],
  [[{ ...worker, concurrency: Number.NaN }], '[0].concurrency'],
  [[{ ...worker, concurrency: '2' }], '[0].concurrency'],
  [[{ ...worker, processor: './mail.js' }], '[0].processor: expected a function, got "./mail.js"'],
  [[{ ...worker, timeoutMs: -1 }], '[0].timeoutMs'],
  [[{ ...worker, timeoutMs: 30 * 86_400_000 }], '[0].timeoutMs'],
  [
    [{ ...worker, contract: { name: 'other' } }],
    '[0].contract: expected the contract of this queue, or none, got "other"',
  ],
  [[{ ...worker, slots: { key: () => 'a', limit: 0 } }], '[0].slots: expected a key function with a limit from 1'],
  [[{ ...worker, slots: { limit: 1 } }], '[0].slots'],
  [[null], '[0]: expected an object, got null'],
  [worker, ': expected a list'],
])('refuses %j', (workers, fault) => {
  expect(() => checkExtraWorkers(workers)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`extraWorkers${fault}`) }),
  )
})

it('names every fault at once', () => {
  expect(() => checkExtraWorkers([{}, null])).toThrow(/4 fault\(s\)/)
})
