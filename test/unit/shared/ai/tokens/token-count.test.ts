import { describe, expect, it } from 'vitest'
import { countTokens, cutToTokens } from '../../../../../shared/ai/tokens/token-count.ts'
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

  it('cuts a text to what fits and no shorter, between characters', async () => {
    expect(await cutToTokens('short', 10)).toBe('short')
    for (const text of [PROSE.repeat(20), 'é😀'.repeat(2_000), 'x'.repeat(3_000)]) {
      const cut = await cutToTokens(text, 100)
      expect(text.startsWith(cut)).toBe(true)
      expect(cut.isWellFormed()).toBe(true)
      const tokens = await countTokens(cut)
      expect(tokens).toBeLessThanOrEqual(100)
      expect(tokens).toBeGreaterThan(90)
    }
  })
})
