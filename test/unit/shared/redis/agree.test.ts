import { expect, it } from 'vitest'
import { agree, type NodeAnswer } from '../../../../shared/redis/topology/agree.ts'

const says = (from: string, said: string): Promise<NodeAnswer<string>> => Promise.resolve({ from, said })
const fails = (from: string): Promise<NodeAnswer<string>> => Promise.resolve({ from, error: new Error('away') })
const never = new Promise<NodeAnswer<string>>(() => {})
const ask = (...asked: Promise<NodeAnswer<string>>[]) => agree(asked, { textOf: (said) => said, what: 'the primary' })

it('takes what more than half of all asked say, without waiting for the others', async () => {
  expect(await ask(says('a', 'x'), says('b', 'x'), never)).toBe('x')
  expect(await ask(says('a', 'y'), says('b', 'x'), says('c', 'x'))).toBe('x')
})

it('takes what most of those that answer say when the others are away', async () => {
  expect(await ask(says('a', 'x'), fails('b'), fails('c'))).toBe('x')
})

it('says who said what when none answers, or they disagree', async () => {
  await expect(ask(fails('a'), fails('b'))).rejects.toThrow('the primary is not known (a: away; b: away)')
  await expect(ask(says('a', 'x'), says('b', 'y'), fails('c'))).rejects.toThrow(
    'the primary is disputed (a: x; b: y; c: away)',
  )
})
