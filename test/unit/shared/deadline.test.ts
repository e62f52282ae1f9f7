import { expect, it } from 'vitest'
import { withinDeadline } from '../../../shared/deadline.ts'

const late = () => new Error('late')

it('answers with the promise, value or failure', async () => {
  expect(await withinDeadline(Promise.resolve(7), 1_000, late)).toBe(7)
  await expect(withinDeadline(Promise.reject(new Error('own')), 1_000, late)).rejects.toThrow('own')
})

it('throws what it is told once the time is up', async () => {
  await expect(withinDeadline(new Promise(() => {}), 5, late)).rejects.toThrow('late')
})

it('a failure after the deadline is nobody’s unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const work = Promise.withResolvers<never>()
  await expect(withinDeadline(work.promise, 1, late)).rejects.toThrow('late')
  work.reject(new Error('too late to matter'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

it('leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await withinDeadline(Promise.resolve(), 60_000, late)
  await withinDeadline(Promise.reject(new Error()), 60_000, late).catch(() => {})
  expect(timers()).toBe(before)
})
