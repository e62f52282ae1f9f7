import { expect, test } from 'vitest'
import { isStandingOrder } from '../../../../../workers/memory/local-rules/standing-orders.ts'

test.each([
  ['en', 'Always run the linter before you commit.'],
  ['en', 'Never use floats for money: use bigint.'],
  ['en', "Please don't use semicolons."],
  ['en', 'Use British spelling.'],
  ['en', 'Write docs in plain English.'],
  ['en', 'From now on, keep your answers short.'],
  ['en', 'We use podman, not docker.'],
  ['en', 'Call me Sammy.'],
  ['en', 'Ground rules first: snake case for columns, no raw SQL.'],
  ['en', 'Log every retry with its cause.'],
  ['de', 'Sprich mich bitte immer mit Du an.'],
  ['fr', 'Écris toujours des phrases courtes.'],
  ['es', 'Escribe siempre en inglés.'],
  ['pt', 'Não uses nunca listas.'],
  ['it', 'Scrivi sempre in modo breve.'],
  ['nl', 'Schrijf voortaan korte antwoorden.'],
  ['pl', 'Od teraz pisz krótko.'],
  ['ru', 'Пиши всегда кратко.'],
  ['tr', 'Bundan sonra kısa yaz.'],
  ['zh', '以后请用英文回答。'],
  ['ja', '今後は英語で答えてください。'],
  ['ko', '앞으로 짧게 대답해 주세요.'],
  ['ar', 'اكتب دائما باختصار.'],
  ['hi', 'हमेशा संक्षेप में लिखो।'],
])('%s: %s holds from now on', (language, statement) => {
  expect(isStandingOrder(statement, language)).toBe(true)
})

test.each([
  ['en', 'Write a poem about rain.'],
  ['en', 'Fix the failing test.'],
  ['en', 'Use the second option for this one.'],
  ['en', "Don't worry about it."],
  ['en', 'Call me back later.'],
  ['en', 'I always write tests first.'],
  ['en', 'Almost every test is green.'],
  ['en', 'Check every box on this form.'],
  ['en', 'The rules of the game: two dice, four players.'],
  ['en', 'Can you always answer in German?'],
  ['de', 'Ich schreibe immer kurze Mails.'],
  ['fr', 'Je réponds toujours en français.'],
  ['de', 'Schreib das Gedicht zu Ende.'],
])('%s: %s does not', (language, statement) => {
  expect(isStandingOrder(statement, language)).toBe(false)
})
