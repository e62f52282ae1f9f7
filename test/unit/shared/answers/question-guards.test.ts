import { expect, it } from 'vitest'
import { guardedParts, mayShareAnswer, normaliseQuestion } from '../../../../shared/answers/question-guards.ts'
import { cpuMsOf } from '../../../helpers/cpu-time.ts'

it.each([
  ['How do I reset my password?', 'how do I reset  my password'],
  ['What is the best way to learn to swim?', 'What is the best method for learning swimming?'],
  ['Wie kann ich mein Passwort zurücksetzen?', 'Wie setze ich mein Passwort zurück?'],
])('lets %j and %j share an answer', (one, other) => expect(mayShareAnswer(one, other)).toBe(true))

it.each([
  // Numbers, units, names, negations, order, templates, code, quotations.
  ['How much is 15 mg?', 'How much is 15 g?'],
  ['What happened in 1914?', 'What happened in 1915?'],
  ['Is the weather in Paris good?', 'Is the weather in Rome good?'],
  ['Can I eat this?', 'Can I not eat this?'],
  ['Why does it work?', "Why doesn't it work?"],
  ['Darf ich das essen?', 'Darf ich das nicht essen?'],
  ['flights from home to work', 'flights from work to home'],
  ['Is tea better than coffee?', 'Is coffee better than tea?'],
  [
    'Translate the following sentence into French: the dog sleeps',
    'Translate the following sentence into French: the cat sleeps',
  ],
  ['What does `a + b` do?', 'What does `a - b` do?'],
  ['Who said "to be"?', 'Who said (to be)?'],
  ['Is x² two?', 'Is x2 two?'],
])('lets %j and %j share none', (one, other) => expect(mayShareAnswer(one, other)).toBe(false))

it('takes long and strange texts in linear time', async () => {
  const take = () => {
    for (const text of ['a '.repeat(16_000), '?'.repeat(32_000), 'x'.repeat(32_000), '\ud800'.repeat(100)]) {
      expect(normaliseQuestion(text).length).toBeLessThanOrEqual(text.length)
      guardedParts(text)
      mayShareAnswer(text, `${text}b`)
    }
  }
  expect(await cpuMsOf(take)).toBeLessThan(2_000)
})
