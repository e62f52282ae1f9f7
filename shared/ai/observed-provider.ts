import { isAfterturnError } from '../errors.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Tracing } from '../observe/tracing.ts'
import { usageOfFailedCall } from './answers/answer-usage.ts'
import type { ModelProvider, ModelUsage } from './model-provider.ts'

/** A provider whose calls are measured and traced. Guarantees: what it answers and throws is the provider's own. */
export function observeProvider(provider: ModelProvider, metrics: Metrics, tracing: Tracing): ModelProvider {
  const observed = async <T extends { readonly usage: ModelUsage }>(
    task: string,
    model: string,
    call: () => Promise<T>,
  ): Promise<T> => {
    const countTokens = ({ inputTokens, outputTokens }: ModelUsage) => {
      metrics.count('afterturn_model_tokens_total', { task, direction: 'input' }, inputTokens)
      metrics.count('afterturn_model_tokens_total', { task, direction: 'output' }, outputTokens)
    }
    const startedMs = performance.now()
    const attributes = { 'gen_ai.operation.name': task, 'gen_ai.request.model': model }
    try {
      const answer = await tracing.span(`model ${task}`, attributes, call)
      metrics.count('afterturn_model_calls_total', { task, outcome: 'ok' }, answer.usage.calls)
      countTokens(answer.usage)
      return answer
    } catch (error) {
      metrics.count('afterturn_model_calls_total', { task, outcome: isAfterturnError(error) ? error.code : 'stopped' })
      countTokens(usageOfFailedCall(error))
      throw error
    } finally {
      metrics.observe('afterturn_model_call_seconds', { task }, (performance.now() - startedMs) / 1_000)
    }
  }
  return {
    ...provider,
    complete: (task, input, options) =>
      observed(task.name, provider.completionModel, () => provider.complete(task, input, options)),
    embed: (texts, options) => observed('embed', provider.embeddingModel.model, () => provider.embed(texts, options)),
  }
}
