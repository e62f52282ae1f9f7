import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countTokens, loadTokenCounter, splitByTokens } from '../../../../../shared/ai/tokens/token-count.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const PROSE =
  'Maria moved to Lisbon in March, and she likes it there.\nHer brother (Tom) has  two cats; their names are Ada & Bo.\n\n'

describe('counting tokens', () => {
  it('counts as the encoding does, in short texts and in long ones', async () => {
    const { countTokens: exact } = await import('gpt-tokenizer/encoding/cl100k_base')
    expect(await countTokens('')).toBe(0)
    expect(await countTokens('hello world')).toBe(2)
    expect(await countTokens(PROSE.repeat(100))).toBe(exact(PROSE.repeat(100)))
  })

  it('cuts pieces of any characters as the encoding does', async () => {
    const exact = {
      cl100k: (await import('gpt-tokenizer/encoding/cl100k_base')).countTokens,
      o200k: (await import('gpt-tokenizer/encoding/o200k_base')).countTokens,
    }
    for (const encoding of ['cl100k', 'o200k'] as const) {
      const count = await loadTokenCounter(encoding)
      for (const characters of ['aSTdlLvVeEr\' \t\n\r\v\f0123_-(){}"\u001c\0', "aTl' \n09_{é漢字😀\u00a0٣ß"]) {
        const text = fc.array(fc.constantFrom(...characters), { maxLength: 24 }).map((found) => found.join(''))
        fc.assert(
          fc.property(text, (given) => count(given) === exact[encoding](given)),
          { numRuns: 2_000 },
        )
      }
    }
  })

  it('counts special tokens as the text they are', async () => {
    expect(await countTokens('<|endoftext|>')).toBeGreaterThan(1)
  })

  it('takes linear time for one long word', async () => {
    let tokens = 0
    // The tokenizer alone needs more than 20 s for this.
    const count = async () => {
      tokens = await countTokens('x'.repeat(256 * 1_024))
    }
    expect(await cpuMsOf(count)).toBeLessThan(3_000)
    expect(tokens).toBeGreaterThan((256 * 1_024) / 16)
  })

  it('splits a text into parts that fit and are no shorter than they must be, between characters', async () => {
    expect(await splitByTokens('short', 10)).toEqual(['short'])
    for (const text of [PROSE.repeat(20), 'é😀'.repeat(2_000), 'x'.repeat(3_000)]) {
      const parts = await splitByTokens(text, 100)
      expect(parts.join('')).toBe(text)
      for (const part of parts) expect(part.isWellFormed()).toBe(true)
      const tokens = await Promise.all(parts.map(countTokens))
      expect(Math.max(...tokens)).toBeLessThanOrEqual(100)
      expect(Math.min(...tokens.slice(0, -1))).toBeGreaterThan(90)
    }
  })

  it('splits into parts of less than a character, and leaves out blank ones', async () => {
    expect(await splitByTokens('𓀀𓀁', 1)).toEqual(['𓀀', '𓀁'])
    expect(await splitByTokens(`${'a '.repeat(40)}${' \n'.repeat(4_000)}z`, 50)).not.toContainEqual(
      expect.stringMatching(/^\s+$/),
    )
  })
})
