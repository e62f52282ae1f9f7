import { expect, it } from 'vitest'
import { correctionsIn } from '../../../../../workers/memory/extraction/turn-corrections.ts'

const AT = Date.UTC(2026, 2, 4, 10)
const OWNER = { workstreamId: 'talk', userId: 'u1', agentId: null, scope: 'user' as const }

function said(text: string, index: number, name = 'Maya') {
  const isAnswer = text.startsWith('>')
  const message = {
    role: isAnswer ? 'assistant' : 'user',
    name: isAnswer ? null : name,
    content: text.replace('>', ''),
  }
  const at = new Date(AT + index * 60_000)
  const turn = {
    ...OWNER,
    id: index + 1,
    seq: index + 1,
    turnId: `t${index}`,
    occurredAt: at,
    saidAt: at,
    timeZone: null,
  }
  return { turn: { ...turn, attempts: 1, messages: [message] }, messages: [message] }
}

function corrected(...texts: string[]) {
  const turns = texts.map((text, index) => said(text, index))
  const last = turns.pop()
  return last ? correctionsIn(last, turns) : []
}

it.each([
  ["I'm flying to Lisbon in May.", '>Lovely!', "Scratch that, it's Porto.", 'Maya is flying to Porto in May.'],
  ["I'm moving to Denver.", '>Do have fun!', "Scratch that. It's Boulder.", 'Maya is moving to Boulder.'],
  [
    'My train is at 14:20. Set an alarm.',
    '>Done.',
    'correction: 14:40, not 14:20',
    'Maya said: "My train is at 14:40."',
  ],
  [
    'My rent is €950 a month.',
    '>So you pay €950 for your flat each month.',
    'Typo: €1050.',
    'My rent is €1050 a month.',
  ],
  ['My flight is on May 3rd.', '>Noted.', 'Sorry, I meant May 5th.', 'My flight is on May 5th'],
  ['Mein Flug ist am 3. Mai.', '>Ok.', 'Ich meinte den 5. Mai.', 'Mein Flug ist am 5. Mai'],
  ["I work at Macy's.", '>Ok.', "Correction: Kohl's.", "Maya works at Kohl's."],
  ["I work at Macy's.", '>Ok.', 'Correction: Nordstrom.', 'Maya works at Nordstrom.'],
  ['My train is at 14:20.', '>Noted: 14:20.', 'correction: 14:40, not 14:20', 'Maya said: "My train is at 14:40."'],
  ['My rent is €1450 a month.', '>A lot.', 'Typo: €1540.', 'My rent is €1540 a month.'],
  ['My exam is on Tuesday.', '>Good luck!', 'no wait, Friday', 'My exam is on Friday'],
  ['Ich fliege im Mai nach Riga.', '>Schön!', 'Nein, doch nach Tallinn.', 'Ich fliege im Mai nach Tallinn.'],
  ['Ma sœur habite à Lyon.', '>Ah !', 'Pardon, je voulais dire Nantes.', 'Ma sœur habite à Nantes.'],
  ["Toplantımız saat 14:00'te.", '>Tamam.', 'Düzeltme: 15:00.', "Toplantımız saat 15:00'te."],
  ['我妹妹住在杭州。', '>好的。', '不好意思，是苏州，不是杭州。', '我妹妹住在苏州。'],
])('corrects the statement right before: %s %s %s', (statement, answer, words, fact) => {
  const [correction] = corrected(statement, answer, words)
  expect(correction?.memory.fact).toContain(fact)
  expect(correction?.memory.sources.map(({ turn }) => turn)).toEqual([1, 3])
})

it.each([
  ['I live in Leeds.', '>Is it cold?', "Actually, it's raining."],
  ['My brother lives in Cardiff.', '>Nice!', 'Sorry, I meant to ask about trains.'],
  ["I'm flying to Lisbon.", '>Would Porto do?', 'No, Porto is too far.'],
  ['I live in Bristol.', '>Trains from London?', 'No, Bath.'],
  ['I have 3 cats.', '>Here are 4 lines of code.', "No, it's 3 lines, not 4."],
  ['I was born in Cork.', '>And your husband?', 'Oh sorry, Dublin.'],
  ['I have two kids.', '>That is 40 dollars.', 'Oops, 30.'],
  ['We pay 30 dollars for hosting.', '>Ok.', 'Sorry, 5 minutes, the door.'],
  ['I meditate 20 minutes a day.', '>Nice.', 'Sorry, 5 minutes.'],
  ['I live in Vienna.', '>Ok.', 'Sorry, Salzburg please.'],
  ['I live in Vienna.', '>Ok.', 'I mean, who does not love Graz?'],
  ['My exam is on Friday. Is the library open on Monday?', '>Yes.', 'I meant Tuesday.'],
  ['I live in Oslo now.', '>Ok.', 'Sorry, not now, later.'],
  ['We moved here in 2019. Was the opera built in 2008?', '>Yes.', 'Sorry, I meant 2007.'],
  ['Ich wohne in Kassel.', '>Züge nach Frankfurt?', 'Nein, nach Fulda.'],
  ['Tengo tres gatos.', '>Bien.', 'Perdón, 5 minutos y vuelvo.'],
  ['私は札幌に住んでいます。', '>東京ですか？', 'いいえ、名古屋です。'],
  ["I'm moving to Denver. Any tips?", '>Do you ski?', "Scratch that. It's Boulder."],
  ['I live in Berlin. Find me a hotel.', '>Here you are.', 'Sorry, Hamburg.'],
  ['I work at Bosch. Find me a dishwasher.', '>One of Bosch.', 'No, Siemens, not Bosch.'],
  ['我住在杭州。帮我找酒店。', '>好的。', '不好意思，是苏州，不是杭州。'],
  ['Je suis né en 1990. Trouve un vin.', '>Voilà.', 'Pardon, 1995.'],
  ['I have two kids.', '>So you need 4 tickets.', 'Correction: five.'],
  ['I get up at 6:30.', '>The meeting is at 9:00.', 'Scratch that, 10:00.'],
  ['I have three kids.', '>Great. Tell me how many people will come to the dinner.', 'Sorry, seven.'],
  ['I have three kids.', '>Three kids, great. Tell me the number of your guests.', 'Sorry, seven.'],
  ['Ich habe drei Kinder.', '>Nenne mir bitte die Zahl der Gäste.', 'Entschuldigung, acht.'],
  ['My app runs on port 8080.', '>Open it in your browser.', 'Oops, 404.'],
  ['I have two kids.', '>Ok.', 'Oops, 404.'],
])('leaves alone what may mean something else: %s %s %s', (...texts) => {
  expect(corrected(...texts)).toEqual([])
})

it.each([
  ['I live in Porto.', 'Sorry, Lisbon.', 'Sorry, Madrid.', 'Maya lives in Madrid.'],
  ['Ich wohne in Kassel.', 'Nein, doch in Bremen.', 'Nein, doch in Kassel.', 'Ich wohne in Kassel.'],
  ['I have 3 cats.', 'Sorry, 4.', 'Sorry, 5.', 'Maya has 5 cats.'],
])('corrects a correction: %s %s %s', (statement, words, more, fact) => {
  const [first] = corrected(statement, '>Ok.', words)
  const [second] = corrected(statement, '>Ok.', words, '>Ok.', more)
  expect(second?.memory.fact).toContain(fact)
  expect(second?.memory.corrects).toEqual({ factHash: first?.memory.factHash, turn: 3 })
})

it('leaves one value of several corrections in one turn', () => {
  const messages = ['My sister lives in Leeds.', 'Sorry, I meant Derby.', 'Sorry, I meant Bristol.'].map(
    (text) => said(text, 0).messages[0] as ReturnType<typeof said>['messages'][number],
  )
  const { turn } = said('', 0)
  const corrections = correctionsIn({ turn: { ...turn, messages }, messages }, [])
  expect(corrections.map(({ memory }) => memory.fact)).toEqual([expect.stringContaining('Bristol')])
  const [before, ...rest] = messages
  const apart = correctionsIn({ turn: { ...turn, id: 2, messages: rest }, messages: rest }, [
    { turn, messages: before ? [before] : [] },
  ])
  expect(apart).toMatchObject([{ memory: { fact: expect.stringContaining('Bristol'), corrects: { turn: 1 } } }])
})

it('takes words of another user and in another scope for no message right before, however long ago that was', () => {
  const words = "Scratch that, it's Porto."
  const [first, last] = [said('I live in Lisbon.', 0, 'user'), said(words, 1, 'user')]
  expect(correctionsIn(last, [first])).toHaveLength(1)
  expect(correctionsIn(said(words, 60 * 24 * 9, 'user'), [first])).toHaveLength(1)
  for (const other of [{ userId: 'u2' }, { agentId: 'a2' }, { scope: 'workstream' as const }])
    expect(correctionsIn(last, [{ ...first, turn: { ...first.turn, ...other } }])).toEqual([])
})

it('corrects nobody else, and nothing that was said before something else', () => {
  const words = "Scratch that, it's Porto."
  const [first, other, last] = [said('I live in Lisbon.', 0), said('I live in Lisbon.', 0, 'Tom'), said(words, 1)]
  expect(correctionsIn(last, [first])).toHaveLength(1)
  expect(correctionsIn(last, [other])).toEqual([])
  expect(corrected('I live in Lisbon.', '>Nice.', 'What is the weather like?', '>Sunny.', words)).toEqual([])
})
