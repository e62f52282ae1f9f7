import { describe, expect, test } from 'vitest'
import { statementOf, wordFact } from '../../../../../workers/memory/local-rules/fact-wording.ts'

const AT = new Date('2026-03-31T23:00:00Z')
const word = (text: string) => wordFact(statementOf(text), 'Maya', AT)

describe('rewrites where the grammar is certain', () => {
  test.each([
    ["I'm vegetarian!", 'Maya is vegetarian.'],
    ["I've just started a pottery class.", 'Maya has just started a pottery class.'],
    ["I'll call the insurance.", 'Maya will call the insurance.'],
    ["I'd love to visit Japan.", 'Maya would love to visit Japan.'],
    ["I don't eat meat.", "Maya doesn't eat meat."],
    ['I have two cats.', 'Maya has two cats.'],
    ['I study law and history.', 'Maya studies law and history.'],
    ['I really enjoy chess.', 'Maya really enjoys chess.'],
    ['Hey Tomasz, I sold the car 🎉', 'Maya sold the car.'],
    ['Well, actually, I quit smoking.', 'Maya quit smoking.'],
    ['I will work in Leiden.', 'Maya will work in Leiden.'],
    ['I never eat meat.', 'Maya never eats meat.'],
    ['I opened a cafe\u0301 ☀️', 'Maya opened a cafe\u0301.'],
    ['Confession: I eat fish.', 'Maya eats fish.'],
    ['The boathouse is free in June!', 'The boathouse is free in June.'],
  ])('%s', (text, fact) => {
    expect(word(text)).toBe(fact)
  })
})

describe('quotes where a rewrite would be a guess', () => {
  test.each([
    'I moved to Lisbon with my sister.',
    'I love tea and hate milk.',
    'I told you about the boathouse.',
    'I like it here.',
    'We signed the contract.',
    'My sister is a nurse.',
    'The boathouse is ours.',
    'I need, above all, sleep.',
    'I seed the garden.',
    'I live in Utrecht, work as a nurse.',
    'I never go to the gym.',
    'Tomasz: I moved to Haarlem.',
    'Anna Maria Lopez: I moved to Haarlem.',
    'If it rains on the day: I will stay at home.',
    'Maybe, I moved too early.',
    'Eva, my sister, is a vet.',
  ])('%s', (text) => {
    expect(word(text)).toBe(`Maya said: "${text}"`)
  })

  test('with the day, if the meaning hangs on it', () => {
    expect(word('We signed the contract yesterday.')).toBe(
      'Maya said on 2026-03-31: "We signed the contract yesterday."',
    )
  })
})

describe('dates', () => {
  test.each([
    ['I ran a race yesterday.', 'Maya ran a race yesterday (2026-03-30).'],
    ['I finished the poster tomorrow morning.', 'Maya finished the poster tomorrow morning (2026-04-01).'],
    ['I bought a boat last month.', 'Maya bought a boat last month (2026-02).'],
    ['I bought a boat last year.', 'Maya bought a boat last year (2025).'],
    ['I bought a boat on Friday.', 'Maya bought a boat on Friday (2026-03-27).'],
    ['I play chess on Friday.', 'Maya plays chess on Friday (said on 2026-03-31).'],
    ['I bought a boat on Friday 6 March.', 'Maya bought a boat on Friday 6 March (2026-03-06).'],
    ['I read yesterday’s paper.', 'Maya said: "I read yesterday’s paper."'],
  ])('%s', (text, fact) => {
    expect(word(text)).toBe(fact)
  })
})
