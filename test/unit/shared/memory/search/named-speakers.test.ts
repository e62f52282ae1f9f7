import { expect, it } from 'vitest'
import { speakerMatcher } from '../../../../../shared/memory/search/named-speakers.ts'

it('compares whole words, whatever their case or accents', () => {
  const isNamed = speakerMatcher("What was Zoë's plan for May?")
  expect(isNamed('zoe miller')).toBe(true)
  expect(isNamed('Zo')).toBe(false)
  expect(isNamed('')).toBe(false)
})

it.each([
  ['what will we eat', 'Will', false],
  ['Will we eat?', 'Will', false],
  ['what did Will eat?', 'Will', true],
  ['may I mark it?', 'Mark', false],
  ['Did Mark call in May?', 'Mark', true],
  ['what did ana say', 'Ana', true],
  ['which user wrote that', 'user', false],
])('%j names %s: %s', (query, speaker, isNamed) => {
  expect(speakerMatcher(query)(speaker)).toBe(isNamed)
})
