import { expect, it } from 'vitest'
import { isMeantBy, namedBy } from '../../../../../workers/memory/reconciliation/end-named.ts'

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

it('means nobody of the speaker’s by a wish that names nobody', () => {
  const owner = { scope: 'user', userId: 'ana', agentId: null, workstreamId: null } as const
  const isMeant = (what: string, said: string, isAll = false) =>
    isMeantBy(
      { owner, saidAt: new Date(1), speakerKey: 'user:ana', what, isAll },
      { fact: `Ana said: "${said}"`, owner, observedAt: new Date(0), subject: 'Ana', subjectKey: 'user:ana' },
    )
  for (const [what, said] of [
    ['I work at Siemens', 'My wife works at Siemens.'],
    ['I am allergic to nuts', 'My son is allergic to nuts.'],
    ['I am allergic to nuts', 'I have a daughter who is allergic to nuts.'],
    ['I live in Rome', 'Sadly, my parents live in Rome.'],
    ['I am a manager at Siemens', 'My wife is a manager at Siemens.'],
    ['I hate meetings', 'Our boss hates meetings.'],
    ['ich bei Siemens arbeite', 'Meine Frau arbeitet bei Siemens.'],
    ['lavoro alla Siemens', 'Mia moglie lavora alla Siemens.'],
    ['vivo a Roma', 'I miei genitori vivono a Roma.'],
    ['pracuję w Siemensie', 'Moja żona pracuje w Siemensie.'],
    ['mam alergię na orzechy', 'Mój syn ma alergię na orzechy.'],
    ['у меня аллергия на орехи', 'У моего сына аллергия на орехи.'],
    ['я живу в Риме', 'Мои родители живут в Риме.'],
    ['我在西门子工作', '我妻子在西门子工作。'],
    ['我讨厌开会', '我的老板讨厌开会。'],
    ['Siemens’te çalıştığımı', 'Karım Siemens’te çalışıyor.'],
    ['Roma’da yaşadığımı', 'Ebeveynlerim Roma’da yaşıyor.'],
  ] as const)
    expect([said, isMeant(what, said)]).toEqual([said, false])
  for (const [what, said] of [
    ['my wife works at Siemens', 'My wife works at Siemens.'],
    ['she works at Siemens', 'My wife works at Siemens.'],
    ['Eva works at Siemens', 'My wife Eva works at Siemens.'],
    ['mojej żonie pracującej w Siemensie', 'Moja żona pracuje w Siemensie.'],
    ['моя жена работает в Siemens', 'Моя жена работает в Siemens.'],
    ['karımın Siemens’te çalıştığını', 'Karım Siemens’te çalışıyor.'],
    ['我妻子在西门子工作', '我妻子在西门子工作。'],
    ['I work at Siemens', 'I work at Siemens.'],
    ['I live in Rome', 'I live in Rome with my wife.'],
    ['I live in Rome', 'My wife and I live in Rome.'],
    ['vivo a Roma', 'Vivo a Roma con mia moglie.'],
    ['my job is at Siemens', 'My job is at Siemens.'],
    ['mieszkam w Rzymie', 'Mieszkam w Rzymie z żoną.'],
    ['我住在罗马', '我和妻子住在罗马。'],
  ] as const)
    expect([said, isMeant(what, said)]).toEqual([said, true])
  expect(isMeant('Siemens', 'My wife works at Siemens.', true)).toBe(true)
})
