import { expect, it } from 'vitest'
import { namedBy } from '../../../../../workers/memory/reconciliation/end-named.ts'

const named = (what: string, facts: readonly string[], isAll = false) =>
  namedBy(
    { what, isAll },
    facts.map((fact) => ({ fact })),
  ).map(({ fact }) => fact)

it('names the memory that has the words of the wish, and of several the one that says least else', () => {
  const facts = ['The user owns a boat.', 'The user owns a boat with Ben in Kiel.', 'The user owns a horse.']
  expect(named('I own a boat', facts)).toEqual(['The user owns a boat.'])
  expect(named('I owned horses', facts)).toEqual(['The user owns a horse.'])
  expect(named('I own a car', facts)).toEqual([])
  expect(named('my boat', facts, true)).toEqual(facts.slice(0, 2))
})

it('tells a fact from its denial, and understands quoted facts of other languages', () => {
  expect(named('I like opera', ["The user doesn't like opera."])).toEqual([])
  expect(named('I don’t like opera', ["The user doesn't like opera.", 'The user likes opera.'])).toEqual([
    "The user doesn't like opera.",
  ])
  expect(named('ich vegan bin', ['The user said: "Ich bin vegan."'])).toEqual(['The user said: "Ich bin vegan."'])
  expect(named('ich Fleisch esse', ['The user said: "Ich esse kein Fleisch."'])).toEqual([])
})
