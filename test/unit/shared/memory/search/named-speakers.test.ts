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
  ['gli appunti per la scuola', 'Per', false],
  ['vad sa Per om det', 'Per', true],
  ['wer war da', 'Da', false],
  ['what did ben say to mia', 'Ben', true],
  ['kde je moj bicykel', 'Moj', false],
])('%j names %s: %s', (query, speaker, isNamed) => {
  expect(speakerMatcher(query)(speaker)).toBe(isNamed)
})
