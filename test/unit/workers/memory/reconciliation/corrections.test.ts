import { describe, expect, it } from 'vitest'
import {
  correctedFact,
  correctionIn,
  withCorrections,
} from '../../../../../workers/memory/reconciliation/corrections.ts'

const corrected = (fact: string, words: string) => correctedFact({ fact, subject: 'Maya' }, words)

describe('a bare correction', () => {
  it.each([
    ['Maya was born in 1990.', 'Sorry, 1991 not 1990.', 'Maya was born in 1991.'],
    ['Maya said: "My flight is on Monday."', 'I meant Tuesday.', 'Maya said: "My flight is on Tuesday."'],
    ['Maya lives in Lisbon.', "Scratch that, it's Porto.", 'Maya lives in Porto.'],
    [
      'Maya said: "My brother works at Bosch."',
      "Actually it's Siemens, not Bosch.",
      'Maya said: "My brother works at Siemens."',
    ],
    ['Maya said: "The server runs on port 8080."', 'Typo, port 8081.', 'Maya said: "The server runs on port 8081."'],
    ['Maya said: "My wedding is on 12 June."', 'Sorry, the 21st.', 'Maya said: "My wedding is on 21 June."'],
    ['Maya has three cats.', "I mean two cats, one is the neighbour's.", 'Maya has two cats.'],
    ['Maya said: "Mein Flug geht am Montag."', 'Ich meinte Dienstag.', 'Maya said: "Mein Flug geht am Dienstag."'],
    ['Maya said: "我1990年出生。"', '抱歉，是1991年，不是1990年。', 'Maya said: "我1991年出生。"'],
  ])('puts its value into %s', (fact, words, whole) => {
    expect(corrected(fact, words)).toBe(whole)
  })

  it.each([
    ['Maya has three cats.', 'Sorry, two dogs.'],
    ['Maya said: "Tom moved from Oslo to Bergen."', "Scratch that, it's Porto."],
    ['Maya was born in 1990.', 'Sorry, 1991 not 1989.'],
    ['Maya lives in Lisbon.', 'I meant Tuesday.'],
  ])('leaves %s alone where it fits nothing, or more than one piece: %s', (fact, words) => {
    expect(corrected(fact, words)).toBeUndefined()
  })

  it.each([
    'Never use emojis.',
    'Verwende nie Emojis.',
    'Sorry, our standup is at nine from Monday on.',
    'I live in Porto.',
    'Tuesday?',
    'Tea with milk, please.',
  ])('is not: %s', (sentence) => {
    expect(correctionIn(sentence)).toBeUndefined()
  })

  it('becomes no fact where nothing that it could correct was said', () => {
    const proposed = { subject: 'Maya', attribute: null, importance: 0.4, when: null, turn: 0, kind: 'fact' as const }
    const bare = { ...proposed, fact: 'Maya said: "Sorry, 78 kilos."', quote: 'Sorry, 78 kilos.' }
    const whole = { ...proposed, fact: 'Maya weighs 82 kilos.', quote: 'I weigh 82 kilos.' }
    expect(withCorrections([bare], () => [])).toEqual([])
    expect(withCorrections([whole, bare], () => []).map(({ fact }) => fact)).toEqual([
      'Maya weighs 82 kilos.',
      'Maya weighs 78 kilos.',
    ])
  })
})
