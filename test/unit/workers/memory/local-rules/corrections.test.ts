import { describe, expect, it } from 'vitest'
import { correctedFact } from '../../../../../workers/memory/local-rules/corrections.ts'
import { factsByRules } from '../../../../../workers/memory/local-rules/fact-rules.ts'

const corrected = (fact: string, words: string) => correctedFact({ fact, subject: 'Maya' }, fact, words)

const said = (text: string, role = 'user') =>
  factsByRules({ turns: [{ turn: 0, at: new Date('2026-03-04T10:00:00Z'), speaker: 'Maya', role, text }] }).facts
const factsIn = (text: string) => said(text).map(({ fact }) => fact)

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
    ['Maya said: "My phone is a Pixel 8."', 'Sorry, 25.'],
    ['Maya said: "My flight is at 7:00 am."', 'Sorry, 5 minutes.'],
  ])('leaves %s alone where it fits nothing, or more than one piece: %s', (fact, words) => {
    expect(corrected(fact, words)).toBeUndefined()
  })

  it.each([
    ['Maya lives in Hamburg.', 'No, Berlin.'],
    ['Maya lives in Hamburg.', 'Actually, Berlin.'],
    ['Maya is 34 years old.', 'Wait, 2.'],
    ['Maya said: "Mein Sohn heißt Ben."', 'Nein, Tim.'],
    ['Maya is allergic to nuts.', 'Olives, not nuts.'],
    ['Maya drinks tea.', 'Actually, coffee, not tea.'],
    ['Maya said: "我住在上海。"', '是北京，不是上海。'],
  ])('is none without a word that says so: %s %s', (fact, words) => {
    expect(corrected(fact, words)).toBeUndefined()
  })

  it.each([
    ['Maya said: "My boss is called Anna."', 'Sorry, ChatGPT.'],
    ['Maya said: "My dog is called Bella."', 'Oops, Luna!'],
    ['Maya lives in Paris.', 'Sorry, Claude.'],
    ['Maya works at Google.', 'Sorry, Gemini.'],
    ['Maya lives in Austin.', 'Sorry, Alexa.'],
    ['Maya lives in Rome.', 'Sorry, Florence.'],
    ['Maya lives in Rome.', 'Sorry, Victoria.'],
  ])('is none where a name behind a mere apology may be spoken to: %s %s', (fact, words) => {
    expect(corrected(fact, words)).toBeUndefined()
  })

  it.each([
    'Never use emojis.',
    'Sorry, our standup is at nine from Monday on.',
    'I live in Porto.',
    'Tuesday?',
    'Porto, not Lisbon, has the better food.',
    'Not Lisbon, but Porto, has the better food.',
  ])('is not: %s', (sentence) => {
    expect(corrected('Maya lives in Lisbon.', sentence)).toBeUndefined()
  })

  it.each([
    ['I have two kids. Sorry, three.', 'Maya has three kids.'],
    ['My sister lives in Turin. Sorry, Milan.', 'Maya said: "My sister lives in Milan."'],
    ['My flight is on Monday. I meant Tuesday.', 'Maya said on 2026-03-04: "My flight is on Tuesday."'],
    ['I was born in 1990. Sorry, 1991 not 1990.', 'Maya was born in 1991.'],
  ])('takes the place of what stands right before it: %s', (text, fact) => {
    expect(said(text)).toEqual([expect.objectContaining({ fact, quote: text })])
  })

  it.each([
    ['I have two kids. We ordered five pizzas yesterday. Sorry, six.', 'Maya has two kids.'],
    ['My sister lives in Turin.\n\n> Where is the fair?\n\nSorry, Milan.', 'Maya said: "My sister lives in Turin."'],
    ['I live in Rome with my wife Lena and our two kids. Sorry, Milan.', 'Maya lives in Rome'],
    ['I have two kids and my brother has four. Sorry, three.', 'I have two kids and my brother has four.'],
  ])('changes nothing where something else stands in between, or two values: %s', (text, fact) => {
    expect(factsIn(text)).toContainEqual(expect.stringContaining(fact))
  })

  it('of another message, or of another speaker, changes nothing', () => {
    const at = new Date('2026-03-04T10:00:00Z')
    const turns = ['I live in Oslo.', 'Sorry, Bergen.'].map((text, turn) => ({
      turn,
      at,
      speaker: ['Anna', 'Ben'][turn] as string,
      role: 'user',
      text,
    }))
    const anna = expect.objectContaining({ fact: 'Anna lives in Oslo.', turn: 0 })
    expect(factsByRules({ turns }).facts).toEqual([anna])
    expect(factsByRules({ turns: turns.map((one) => ({ ...one, speaker: 'Anna' })) }).facts).toEqual([anna])
  })

  it('of an assistant changes nothing', () => {
    const text = 'The meeting is on Monday. Sorry, Tuesday.'
    expect(said(text, 'assistant').filter(({ fact }) => fact.includes('Tuesday'))).toEqual([])
  })
})
