import { expect, it } from 'vitest'
import { queryTermsOf } from '../../../../../shared/ai/local/terms.ts'
import { countTokens } from '../../../../../shared/ai/tokens/token-count.ts'
import { cutExcerpt } from '../../../../../shared/memory/search/cut-excerpt.ts'

const FILLER = 'The weather was mild and the road was long. '.repeat(60)
const cut = (text: string, query: string, maxTokens = 60, known: readonly string[] = []) =>
  cutExcerpt(text, { terms: queryTermsOf(query), maxTokens, known })

it('is the whole text where that fits, else the sentences that were asked for and who said them', async () => {
  expect(await cut('user: My boat is called Heron.', 'boat')).toBe('user: My boat is called Heron.')
  const long = `user: ${FILLER}My boat is called Heron. ${FILLER}`
  const excerpt = (await cut(long, 'what is the name of the boat')) as string
  expect(excerpt).toMatch(/^user: … .*My boat is called Heron\..* …$/)
  expect(await countTokens(excerpt)).toBeLessThanOrEqual(60)
})

it('cuts at words and characters where there are no sentences, in any script', async () => {
  const words = await cut(`user: ${'lorem '.repeat(400)}boat ${'ipsum '.repeat(400)}`, 'boat', 100)
  expect(words).toMatch(/\bboat\b/)
  expect(words).not.toMatch(/\b(?:lore|lor|psum|ipsu)\b/)
  const han = await cut(`user: ${'天气很好'.repeat(300)}船叫苍鹭${'天气很好'.repeat(300)}`, '船', 600)
  expect(han).toContain('船')
  const emoji = await cut(`user: ${'🦉'.repeat(2_000)}`, 'owl', 40)
  expect(emoji?.isWellFormed()).toBe(true)
})

it.each([
  ['Thai', 'เมื่อวานฝนตกหนักมากจนน้ำท่วมถนน', 'สุนัขของฉันกลัวฟ้าร้องจึงซ่อนใต้เตียง', 'ฟ้าร้อง'],
  ['Chinese', '昨天雨下得很大路上都是水', '我的狗害怕打雷所以躲在床下', '打雷'],
  ['Japanese', '昨日は雨がとても強くて道が水浸しになった', '犬は雷が怖くてベッドの下に隠れる', '雷'],
  ['emoji', '👨‍👩‍👧‍👦🇵🇹👍🏽', '猫👨‍👩‍👧‍👦', '猫'],
])('cuts between words where %s writes no spaces', async (_, filler, said, query) => {
  const text = filler.repeat(60) + said + filler.repeat(60)
  const borders = new Set(
    [...new Intl.Segmenter('en', { granularity: 'word' }).segment(text)].map(({ index }) => index),
  )
  for (const maxTokens of [40, 80, 150]) {
    const pieces = ((await cut(text, query, maxTokens)) ?? '').split(/ ?… ?/).filter((piece) => piece !== '')
    expect(pieces.join('')).toContain(query)
    for (const piece of pieces) {
      const start = text.indexOf(piece)
      expect(borders.has(start)).toBe(true)
      expect(borders.has(start + piece.length) || start + piece.length === text.length).toBe(true)
    }
  }
})

it('leaves out what is known, and is nothing when that is all that was asked for', async () => {
  const text = 'user: My boat is called Heron. My boat needs paint.'
  expect(await cut(text, 'boat', 60, ['My boat is called Heron.'])).toMatch(/needs paint/)
  expect(await cut(text, 'boat', 60, ['My boat is called Heron.'])).not.toContain('Heron')
  expect(await cut('user: My boat is called Heron.', 'boat', 60, ['My boat is called Heron.'])).toBeUndefined()
  expect(await cut(text, 'boat', 3)).toBeUndefined()
})

it('says once what a text repeats, as a mail that quotes the ones before', async () => {
  const quoted = ['', '> ', '> > ', '> > > '].map((mark) => `${mark}The boat called Heron needs paint before June.\n`)
  const mail = `user: ${FILLER}\n${quoted.join(`${FILLER}\n`)}The boat is insured until May.\n`
  const excerpt = (await cut(mail, 'boat')) as string
  expect(excerpt.split('Heron needs paint')).toHaveLength(2)
  expect(excerpt).toContain('insured until May')
})

it('keeps short answers that are the same: each is of its own question', async () => {
  const asked = ['boat', 'car'].map(
    (thing) => `assistant: Have you got a ${thing} there at the moment?\nuser: Yes, boat.\n`,
  )
  const excerpt = (await cut(`${asked.join('')}user: ${FILLER}`, 'boat yes car')) as string
  expect(excerpt.split('Yes, boat.')).toHaveLength(3)
})
