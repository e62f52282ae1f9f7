import { expect, test } from 'vitest'
import type { TurnRow } from '../../../../../shared/store/turns/turns.ts'
import { type ExtractedFact, factSchema } from '../../../../../workers/memory/facts/facts.ts'
import { type JudgedTurn, judgeFacts, withoutForbidden } from '../../../../../workers/memory/facts/judge-facts.ts'

const SAID = 'I ran five kilometres yesterday.'
const said = (id: number, day: string) => ({
  turn: { id, occurredAt: new Date(`${day}T18:30:00Z`), saidAt: new Date(`${day}T18:30:00Z`), scope: 'org' } as TurnRow,
  messages: [
    { role: 'user', name: 'Maya', content: SAID },
    { role: 'assistant', name: 'Pip', content: 'Well done.' },
  ],
})
const TURNS = [said(7, '2026-01-01'), said(8, '2026-03-30')]
const fact = (text: string, other: Partial<ExtractedFact> = {}): ExtractedFact =>
  factSchema.parse({ fact: text, quote: SAID, turn: 0, ...other })
const judged = (...facts: ExtractedFact[]) =>
  judgeFacts(facts, TURNS).memories.map((memory) => [memory.fact, memory.validFrom.toISOString().slice(0, 10)])

test('a day that a model left relative is reckoned from its turn, so that two days are two facts', () => {
  const left = [fact('Maya ran yesterday.'), fact('Maya ran yesterday.', { turn: 1 })]
  expect(judged(...left)).toEqual([
    ['Maya ran yesterday (2025-12-31).', '2025-12-31'],
    ['Maya ran yesterday (2026-03-29).', '2026-03-29'],
  ])
  expect(judgeFacts(left, TURNS).memories.map(({ observedAt }) => observedAt)).toEqual(
    TURNS.map(({ turn }) => turn.occurredAt),
  )
})

test('what is dropped is told by turn and reason, and its words are gone', () => {
  const secret = 'The password is kingfisher-Oar-1908.'
  const facts = [fact(secret), fact('Maya runs.', { quote: secret }), fact('… !', { turn: 1 }), fact('Maya runs.')]
  const allowed = withoutForbidden({ facts: [...facts, fact('Of another turn.', { turn: 9 })] }).facts
  expect(JSON.stringify(allowed)).not.toContain('kingfisher')
  const { memories, dropped } = judgeFacts(allowed, TURNS)
  expect(memories).toHaveLength(1)
  expect(dropped).toEqual([
    { turn: 7, reason: 'secret' },
    { turn: 7, reason: 'secret' },
    { turn: 8, reason: 'wordless' },
  ])
})

test('what the model resolved stands', () => {
  expect(judged(fact('Maya ran yesterday, on 31 December 2025.', { when: '2025-12-30' }))).toEqual([
    ['Maya ran yesterday, on 31 December 2025.', '2025-12-30'],
  ])
  expect(judged(fact('Maya was born in 1931.', { when: '1931-05-02' }))[0]?.[1]).toBe('1931-05-02')
  expect(judged(fact('Maya has a permit for ever.', { when: '9999-12-31' }))[0]?.[1]).toBe('2026-01-01')
})

test('the same fact of one turn is one, proved if one of them is; of two turns it is two, for another may lie between', () => {
  const unproved = { quote: 'never said' }
  const facts = [
    fact('Maya runs.', unproved),
    fact('maya  RUNS!'),
    fact('Maya runs.', unproved),
    fact('Maya runs.', { turn: 1 }),
  ]
  expect(
    judgeFacts(facts, TURNS).memories.map(({ sources, status }) => [sources.map(({ turn }) => turn), status]),
  ).toEqual([
    [[7], 'active'],
    [[8], 'active'],
  ])
})

test('who speaks is called by the name, and a property by one spelling', () => {
  const about = (subject: string, attribute: string | null, turns: readonly JudgedTurn[] = TURNS) => {
    const { memories } = judgeFacts([fact('Maya likes green.', { subject, attribute })], turns)
    return [memories[0]?.subject, memories[0]?.attribute]
  }
  for (const subject of ['I', 'the user', 'User', 'Maya', ' Maya '])
    expect(about(subject, 'Favorite_color')).toEqual(['Maya', 'favourite colour'])
  expect(about('Pip', 'due-date')).toEqual(['Pip', 'due date'])
  expect(about(' ', 'age')).toEqual([null, null])
  expect(about('Pip', '-')).toEqual(['Pip', null])
  const nameless = { ...said(9, '2026-03-30'), messages: [{ role: 'user', content: SAID }] }
  expect(about('I', null, [nameless])).toEqual(['The user', null])
  // Of two who speak it is the one whose words are quoted.
  const two = said(9, '2026-03-30')
  two.messages.push({ role: 'user', name: 'Leo', content: 'Hi.' })
  expect(about('I', null, [two])).toEqual(['Maya', null])
})

const heard = (content: string, other: object = {}): JudgedTurn => ({
  turn: { id: 9, occurredAt: new Date('2026-03-02T02:30:00Z'), scope: 'org', ...other } as TurnRow,
  messages: [
    { role: 'user', name: 'Maya', content },
    { role: 'assistant', name: 'Pip', content: 'I prefer short answers. You fly on Friday.' },
  ],
})
const reasonOf = (turn: JudgedTurn, proposal: Partial<ExtractedFact>) =>
  judgeFacts([fact('Maya works at Siemens.', { subject: 'I', attribute: 'employer', ...proposal })], [turn]).memories[0]
    ?.statusReason

test('what somebody else says is not the speaker’s', () => {
  const quoted = heard('Anna wrote: "I work at Siemens now and I love it." What do I answer?')
  expect(reasonOf(quoted, { quote: 'I work at Siemens now' })).toBe('not-own-words')
  expect(reasonOf(quoted, { quote: 'Anna wrote: "I work at Siemens now and I love it."' })).toBe('not-own-words')
  expect(reasonOf(heard('I work at Siemens now.'), { quote: 'I work at Siemens now' })).toBeNull()
})

test.each([
  ['From September I will work at Siemens.', 'work at Siemens'],
  ['We are joining Siemens next year, I think.', 'We are joining Siemens'],
  ['I would love to work at Siemens.', 'work at Siemens'],
  ['Should I start at Siemens?', 'I start at Siemens'],
  ['Should I start at Siemens, or stay?', 'I start at Siemens'],
  ['Ich möchte gern bei Siemens arbeiten.', 'bei Siemens arbeiten'],
  ['Je voudrais travailler chez Siemens.', 'travailler chez Siemens'],
  ['Quiero trabajar en Siemens.', 'trabajar en Siemens'],
  ['Хочу работать в Siemens.', 'работать в Siemens'],
  ['我想去西门子公司工作。', '去西门子公司工作'],
  ['My brother works at Siemens.', 'works at Siemens'],
  ['Meine Schwester arbeitet bei Siemens.', 'arbeitet bei Siemens'],
])('a plan, a question and somebody of the speaker’s prove no property of the speaker: %s', (content, quote) => {
  expect(reasonOf(heard(content), { quote })).toBe('unquoted')
})

test.each([
  ['I wanted to tell you that I work at Siemens.', 'I work at Siemens'],
  ['I will be brief: I work at Siemens.', 'I work at Siemens'],
  ['Did I say so? I work at Siemens.', 'I work at Siemens'],
  ['When did I say I work at Bosch? I work at Siemens.', 'I work at'],
  ['I wanted to move, but now I work at Siemens.', 'I work at Siemens'],
  ['My boss at Siemens likes me, I work there.', 'My boss at Siemens likes me'],
  ['Ich will ehrlich sein: ich arbeite bei Siemens.', 'ich arbeite bei Siemens'],
  ['Mon travail est chez Siemens.', 'Mon travail est chez Siemens'],
  ['I work at Siemens, can you help me with Jira?', 'I work at Siemens'],
  ['As I work at Siemens, which badge do I need?', 'I work at Siemens'],
  ['Ich arbeite bei Siemens, kennst du dort jemanden?', 'Ich arbeite bei Siemens'],
  ['Trabajo en Siemens, ¿qué me recomiendas?', 'Trabajo en Siemens'],
  ['我在西门子公司工作，有什么推荐？', '我在西门子公司工作'],
  ['I would love to work less, I work at Siemens.', 'I work at Siemens'],
])('what only stands beside one proves it: %s', (content, quote) => {
  expect(reasonOf(heard(content), { quote })).toBeNull()
})

test('a plan told as a plan is a memory', () => {
  const turn = heard('I want to work at Siemens.')
  expect(reasonOf(turn, { fact: 'Maya wants to work at Siemens.', quote: 'I want to work at Siemens.' })).toBeNull()
})

test('somebody of the speaker’s may be a property of the speaker', () => {
  const proposal = { fact: 'Maya’s manager is Dana.', attribute: 'manager', quote: 'My manager is Dana' }
  expect(reasonOf(heard('My manager is Dana.'), proposal)).toBeNull()
})

test('a past that its quote leaves out ends nothing', () => {
  const turn = heard('Ten years ago I lived in Rome.')
  const proposal = fact('Maya lives in Rome.', { subject: 'I', attribute: 'residence', quote: 'I lived in Rome' })
  expect(judgeFacts([proposal], [turn]).memories[0]?.attribute).toBeNull()
})

test.each([
  ['I moved here in 2019, I live in Bonn.', 'I live in Bonn'],
  ['Ten years ago we married, I live in Bonn.', 'I live in Bonn'],
  ['Ich wohne in Bonn, wo ich vor zwei Jahren hingezogen bin.', 'Ich wohne in Bonn'],
])('a past beside it makes nothing past: %s', (content, quote) => {
  const proposal = fact('Maya lives in Bonn.', { subject: 'I', attribute: 'residence', quote })
  expect(judgeFacts([proposal], [heard(content)]).memories[0]?.attribute).not.toBeNull()
})

test('an assistant says nothing of who the user is, but may say what was arranged', () => {
  const turn = heard('Thanks.')
  expect(reasonOf(turn, { quote: 'I prefer short answers.', kind: 'preference' })).toBe('not-own-words')
  expect(reasonOf(turn, { quote: 'You fly on Friday.', kind: 'event' })).toBeNull()
})

test('days are those of the speaker’s time zone', () => {
  const proposal = fact('Maya sees the dentist tomorrow.', { quote: 'dentist tomorrow' })
  const dayIn = (timeZone: string) => {
    const [memory] = judgeFacts([proposal], [heard('I see the dentist tomorrow.', { timeZone })]).memories
    return [memory?.fact, memory?.validFrom.toISOString()]
  }
  expect(dayIn('UTC')).toEqual(['Maya sees the dentist tomorrow (2026-03-03).', '2026-03-03T00:00:00.000Z'])
  expect(dayIn('America/Los_Angeles')).toEqual([
    'Maya sees the dentist tomorrow (2026-03-02).',
    '2026-03-02T08:00:00.000Z',
  ])
})

test('a past that is told later states nothing that holds now', () => {
  const quote = 'In 2010 I lived in Rome.'
  const proposal = fact('Maya lived in Rome in 2010.', { subject: 'I', attribute: 'residence', quote })
  const [memory] = judgeFacts([proposal], [heard(quote)]).memories
  expect([memory?.attribute, memory?.validFrom.toISOString().slice(0, 10)]).toEqual([null, '2010-01-01'])
})

test.each([
  ['I live in Ghent with my husband Bram.', 'Maya lives in Ghent with her husband Bram.', 'My husband Bram'],
  ['Ich wohne in Graz mit meinem Mann Jonas.', 'Maya wohnt in Graz mit ihrem Mann Jonas.', 'Meinem Mann Jonas'],
  ['J’habite à Nantes avec mon frère Luc.', 'Maya habite à Nantes avec son frère Luc.', 'Mon frère Luc'],
  ['Vivo en Vigo con mi hermana Noa.', 'Maya vive en Vigo con su hermana Noa.', 'Mi hermana Noa'],
  ['Я живу в Туле с моим мужем Олегом.', 'Майя живёт в Туле с мужем Олегом.', 'Моим мужем Олегом'],
])('what a compound fact says beside a property outlives it: %s', (content, compound, beside) => {
  const turn = { ...said(7, '2026-01-01'), messages: [{ role: 'user', name: 'Maya', content }] }
  const proposed = factSchema.parse({
    fact: compound,
    quote: content,
    turn: 0,
    subject: 'Maya',
    attribute: 'residence',
  })
  const { memories } = judgeFacts([proposed], [turn])
  expect(memories.map(({ fact: text, attribute }) => [text, attribute])).toEqual([
    [compound, 'residence'],
    [expect.stringContaining(beside), null],
  ])
  const own = factSchema.parse({
    fact: compound.replace(/^.*(?:with|mit|avec|con|с) /u, 'Maya: '),
    quote: content,
    turn: 0,
  })
  expect(judgeFacts([proposed, own], [turn]).memories).toHaveLength(2)
})
