import type Anthropic from '@anthropic-ai/sdk'
import { convertToModelMessages, generateText, type LanguageModel, type ModelMessage, type UIMessage } from 'ai'
import type OpenAI from 'openai'
import {
  fromAiSdk,
  fromAnthropic,
  fromResponses,
  type Runtime,
  toAiSdk,
  toAiSdkUi,
  toAnthropic,
  toResponses,
} from '../../index.ts'

/** Compiled, never run: messages of each SDK go in and come out without a cast, under the strictest settings. */

const KEY = { orgId: 'acme', workstreamId: 'chat', turnId: 't1' }
const BUDGET = { orgId: 'acme', workstreamId: 'chat', budgetTokens: 8_000 }

export async function ofOpenAi(runtime: Runtime, client: OpenAI, sent: OpenAI.Chat.ChatCompletionMessageParam[]) {
  const { messages } = await runtime.context.load(BUDGET)
  const completion = await client.chat.completions.create({ model: 'gpt-5', messages })
  const [choice] = completion.choices
  if (choice) await runtime.memory.recordTurn({ ...KEY, messages: [{ role: 'user', content: 'hi' }, choice.message] })
  await runtime.memory.recordTurn({ ...KEY, messages: sent })
  await runtime.memory.recordTurn({ ...KEY, messages: [...sent, ...messages] })
  const strict = await runtime.context.load({ ...BUDGET, target: 'strict-alternation' })
  await client.chat.completions.create({ model: 'gpt-5', messages: strict.messages, stream: true })
}

export async function ofResponses(runtime: Runtime, client: OpenAI, input: OpenAI.Responses.ResponseInputItem[]) {
  const response = await client.responses.create({ model: 'gpt-5', input })
  await runtime.memory.recordTurn({ ...KEY, messages: fromResponses([...input, ...response.output]) })
  const { messages } = await runtime.context.load(BUDGET)
  const items = toResponses<OpenAI.Responses.ResponseInputItem>(messages)
  await client.responses.create({ model: 'gpt-5', input: items })
  const own = await runtime.context.load<OpenAI.Responses.ResponseInputItem>({ ...BUDGET, target: 'responses' })
  await client.responses.create({ model: 'gpt-5', input: own.messages })
}

export async function ofAnthropic(runtime: Runtime, client: Anthropic, sent: Anthropic.MessageParam[]) {
  const limits = { model: 'claude', max_tokens: 10 }
  const answer = await client.messages.create({ ...limits, messages: sent })
  await runtime.memory.recordTurn({ ...KEY, messages: fromAnthropic([...sent, answer]) })
  await runtime.memory.recordTurn({ ...KEY, messages: fromAnthropic({ system: 'Be kind.', messages: sent }) })
  const { messages } = await runtime.context.load(BUDGET)
  const request = toAnthropic<Anthropic.MessageParam, string | Anthropic.TextBlockParam[]>(messages)
  await client.messages.create({ ...limits, ...request })
  const { system = '', messages: loaded } = await runtime.context.load<
    Anthropic.MessageParam,
    string | Anthropic.TextBlockParam[]
  >({ ...BUDGET, target: 'anthropic' })
  await client.messages.create({ ...limits, system, messages: loaded })
}

export async function ofAiSdk(runtime: Runtime, model: LanguageModel, sent: ModelMessage[], shown: UIMessage[]) {
  const { response } = await generateText({ model, messages: sent })
  await runtime.memory.recordTurn({ ...KEY, messages: fromAiSdk([...sent, ...response.messages]) })
  await runtime.memory.recordTurn({ ...KEY, messages: fromAiSdk(shown) })
  const { messages } = await runtime.context.load(BUDGET)
  await generateText({ model, messages: toAiSdk<ModelMessage>(messages) })
  const ui = toAiSdkUi<UIMessage>(messages)
  await generateText({ model, messages: await convertToModelMessages(ui) })
  const own = await runtime.context.load<ModelMessage>({ ...BUDGET, target: 'ai-sdk' })
  await generateText({ model, messages: own.messages })
}
