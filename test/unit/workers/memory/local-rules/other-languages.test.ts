import { describe, expect, test } from 'vitest'
import { factsByRules } from '../../../../../workers/memory/local-rules/fact-rules.ts'
import { SIGNAL_WORDS } from '../../../../../workers/memory/local-rules/signal-words.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const factsOf = (text: string) =>
  factsByRules({ turns: [{ turn: 0, at: new Date('2026-03-04T10:00:00Z'), speaker: 'Maya', role: 'user', text }] })
    .facts

describe('what somebody says of their life is quoted', () => {
  test.each([
    'Ich lebe mit meinem Mann in Dresden.',
    'Ma sœur se marie samedi.',
    'Tengo dos hermanos y un gato.',
    'Sou enfermeira e trabalho à noite.',
    'Sono allergica al polline.',
    'Wij hebben een huis in Breda gekocht.',
    'Mój syn ma dwa lata.',
    'У меня диабет.',
    'Babam emekli öğretmen.',
    '我妹妹在北京工作。',
    '来月結婚します。',
    '저는 매운 음식을 싫어해요.',
    'عندي أختان وأخ.',
    'मेरे पिता किसान हैं।',
  ])('%s', (text) => {
    const [fact] = factsOf(text)
    expect(fact).toMatchObject({ quote: text, subject: 'Maya', attribute: null })
    expect(fact?.fact).toContain(text.replace(/^\p{Ll}/u, (first) => first.toUpperCase()))
  })
})

test.each([
  'Das verstehe ich nicht.',
  'Merci beaucoup !',
  '¿Puedes repetirlo?',
  'A água ferve a 100 graus.',
  'Roma è la capitale d’Italia.',
  'Dat klinkt goed.',
  'Zaraz wracam.',
  'Что ты думаешь?',
  'Bunu açıklar mısın?',
  '这个文件太大了。',
  'ありがとうございます。',
  '다시 설명해 주세요.',
  'كيف حالك؟',
  'यह क्या है?',
])('%s is not kept', (text) => {
  expect(factsOf(text)).toEqual([])
})

test('every table is read in bounded time, whatever the text', async () => {
  const text = 'a'.repeat(50) + 'ıyorum ı'.repeat(2_000)
  expect(Object.keys(SIGNAL_WORDS).length).toBeGreaterThanOrEqual(14)
  expect(await cpuMsOf(() => factsOf(text))).toBeLessThan(2_000)
})
