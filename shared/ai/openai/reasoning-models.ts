/** Owns which models think before they answer, as far as their names tell: their thoughts count as output, and most take no temperature. */

/** The tokens that thoughts may take beside the answer. */
export const REASONING_TOKENS = 4_096

/** These take `reasoning_effort`, and no temperature. */
const WITH_EFFORT = /^(o\d|gpt-5(?!.*chat)|gpt-oss|gemini-(2\.5|[3-9])|grok-3-mini)/
const OTHERS =
  /^(deepseek-(reasoner|r\d)|qwq|qwen3(?!.*(instruct|coder))|magistral|grok-4|glm-(4\.[5-9]|[5-9]|z1)|minimax-m|seed-oss|ernie-x|exaone-deep|command-a-reasoning|phi-4.*reasoning)|thinking|reasoning|reasoner|-r1\b/

type Reasoning = { readonly takesEffort: boolean }

/** How a model reasons; undefined when its name tells of nothing. A name may have its maker in front (`openai/gpt-5`) and a size behind (`qwen3:8b`). */
export function reasoningOf(model: string): Reasoning | undefined {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  if (WITH_EFFORT.test(name)) return { takesEffort: true }
  return OTHERS.test(name) ? { takesEffort: false } : undefined
}
