import { describe, expect, it } from 'vitest'
import { MAX_WORD_CHARACTERS, wordsOf } from '../../../../../shared/ai/local/words.ts'

describe('wordsOf', () => {
  it.each([
    ["I don't think Ana's café isn’t nice", ['i', 'do', 'not', 'think', 'ana', 'cafe', 'is', 'not', 'nice']],
    ['getUserById', ['get', 'user', 'by', 'id', 'getuserbyid']],
    [
      'MAX_RETRY_COUNT parseHTTPResponse',
      ['max', 'retry', 'count', 'maxretrycount', 'parse', 'http', 'response', 'parsehttpresponse'],
    ],
    ['YouTube', ['you', 'tube', 'youtube']],
    ['__ _ ...', []],
    ['2023-05-08 3pm', ['2023', '05', '08', '3pm']],
    ['猫が好き 東', ['猫が', 'が好', '好き', '東']],
    ['ガ', ['ガ']],
    ['Привет мир', ['привет', 'мир']],
    ['ok 🎉', ['ok', '🎉']],
  ])('cuts %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('gives the same words for the composed and the decomposed form', () => {
    expect(wordsOf('Zoë がぎ 한국'.normalize('NFD'))).toEqual(wordsOf('Zoë がぎ 한국'.normalize('NFC')))
  })

  it('accepts every UTF-16 unit, alone and between letters', () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      for (const word of wordsOf(`a${String.fromCharCode(unit)}b`)) {
        if (word === '' || !word.isWellFormed()) throw new Error(`U+${unit.toString(16)} gives ${JSON.stringify(word)}`)
      }
    }
  })

  it('cuts long words, never in the middle of a character', () => {
    expect(wordsOf('x'.repeat(1000))).toEqual(['x'.repeat(MAX_WORD_CHARACTERS)])
    expect(wordsOf(`y${'𝒳'.repeat(100)}`).every((word) => word.length <= MAX_WORD_CHARACTERS)).toBe(true)
    expect(wordsOf(`y${'\u{1E900}'.repeat(100)}`).every((word) => word.isWellFormed())).toBe(true)
  })
})
