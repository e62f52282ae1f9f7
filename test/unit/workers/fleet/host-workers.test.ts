import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineQueue } from '../../../../queues/define-queue.ts'
import type { RuntimeOptions } from '../../../../runtime.ts'
import { bindHostWorkers } from '../../../../workers/fleet/extra-workers.ts'

const sendMail = defineQueue({
  name: 'send-mail',
  description: 'Sends one mail',
  payload: z.strictObject({ to: z.string() }),
  concurrency: 3,
})
const countWords = defineQueue({
  name: 'count-words',
  description: 'Counts the words of a text',
  payload: z.strictObject({ words: z.number() }),
})
const handler = async () => {}

it('a host worker runs what its contract states', () => {
  const [mail, words] = bindHostWorkers(
    [
      { contract: sendMail, handler },
      { contract: countWords, concurrency: 2, handler },
    ] as never,
    [],
  )
  expect(mail).toMatchObject({ name: 'send-mail', concurrency: 3, retry: sendMail.retry })
  expect(words).toMatchObject({ name: 'count-words', concurrency: 2 })
})

it('a payload that does not fit never reaches the handler', async () => {
  const [mail] = bindHostWorkers([{ contract: sendMail, handler: () => expect.unreachable() }] as never, [])
  await expect(mail?.run({ to: 7 }, {} as never)).rejects.toMatchObject({ code: 'PAYLOAD_INVALID' })
})

it('each handler is typed by its own contract', () => {
  const options = <const Payloads extends readonly object[]>(given: RuntimeOptions<Payloads>) => given
  options({
    workers: [
      { contract: sendMail, handler: async ({ to }) => to.toUpperCase() },
      { contract: countWords, handler: async ({ words }, { signal }) => signal.aborted && words.toFixed() },
      // @ts-expect-error: a mail has no `from`
      { contract: sendMail, handler: async ({ from }) => from },
    ],
  })
})

it.each([
  ['workers', { handler }, 'workers: expected a list, got {'],
  ['an entry', [null], 'workers[0]: expected an object, got null'],
  ['a contract', [{ handler }], 'workers[0].contract: expected what defineQueue returns, got nothing'],
  ['a handler', [{ contract: sendMail }], 'workers[0].handler: expected a function, got nothing'],
  [
    'a concurrency',
    [{ contract: sendMail, handler, concurrency: 0 }],
    '.concurrency: expected a whole number from 1, got 0',
  ],
  [
    'a name taken',
    [
      { contract: sendMail, handler },
      { contract: sendMail, handler },
    ],
    'workers[1].contract: expected one worker per queue',
  ],
  [
    'a product queue',
    [{ contract: { ...sendMail, name: 'memory-digest' }, handler }],
    'a name other than those of the built-in queues',
  ],
])('%s that cannot work is refused before anything is opened', (_, workers, message) => {
  expect(() => bindHostWorkers(workers as never, [])).toThrow(message)
})

it('a queue has one worker, typed or raw', () => {
  const raw = { queue: 'send-mail', concurrency: 1, processor: handler }
  expect(() => bindHostWorkers([{ contract: sendMail, handler }] as never, [raw])).toThrow('one worker per queue')
})
