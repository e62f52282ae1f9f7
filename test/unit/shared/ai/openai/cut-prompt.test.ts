import { describe, expect, it } from 'vitest'
import { refuseCutPrompt } from '../../../../../shared/ai/openai/cut-prompt.ts'
import { countTokens } from '../../../../../shared/ai/tokens/token-count.ts'

const LINES = {
  English: '{"turn": 3, "speaker": "user", "text": "I moved to a house with old trees in Lisbon last spring."}\n',
  German: 'Im Frühling bin ich in ein Häuschen mit großem Garten nach Köln gezogen, über dem Bäcker.\n',
  Vietnamese: 'Tôi đã chuyển đến một ngôi nhà có khu vườn rộng ở Đà Nẵng vào mùa xuân năm ngoái.\n',
  Chinese: '去年春天我搬到了里斯本的一所房子，院子里有很多老树。\n',
  Hindi: 'पिछले वसंत में मैं लिस्बन के एक घर में रहने चला गया।\n',
}

/** What o200k makes of a text: fewer tokens than nearly every other tokenizer. */
const { countTokens: fewest } = await import('gpt-tokenizer/encoding/o200k_base')
const check = (text: string, read: number) =>
  refuseCutPrompt('a task', [text], { usage: { prompt_tokens: read, completion_tokens: 1 } })

describe.each(Object.entries(LINES))('a prompt in %s', (_, line) => {
  const text = line.repeat(120)

  it('that was read whole is none that was cut, by whatever tokenizer', async () => {
    await expect(check(text, fewest(text))).resolves.toBeUndefined()
    await expect(check(text, await countTokens(text))).resolves.toBeUndefined()
  })

  it('that was read by a sixth is refused', async () => {
    const failure = check(text, Math.floor(fewest(text) / 6))
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID', cause: { isPromptCut: true } })
  })
})

it('a context that is exactly full was too short', async () => {
  const text = LINES.English.repeat(160)
  expect(fewest(text)).toBeGreaterThan(4_096)
  expect(fewest(text)).toBeLessThan(6_000)
  await expect(check(text, 4_096)).rejects.toMatchObject({
    message: expect.stringMatching(/read 4096 of about \d+ tokens .*COMPLETION_CONTEXT_TOKENS/),
  })
  await expect(check(text, 4_097)).resolves.toBeUndefined()
})

it('a server that reports nothing is believed, and a short prompt is never cut', async () => {
  await expect(check(LINES.English.repeat(200), 0)).resolves.toBeUndefined()
  await expect(refuseCutPrompt('a task', [LINES.English.repeat(200)], undefined)).resolves.toBeUndefined()
  await expect(check(LINES.English.repeat(3), 5)).resolves.toBeUndefined()
})
