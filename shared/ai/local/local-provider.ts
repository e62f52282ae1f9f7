import { refuseUnembeddable } from '../embeddable-texts.ts'
import type { ModelProvider, ModelUsage } from '../model-provider.ts'
import { embedLocally, LOCAL_EMBEDDING_MODEL } from './embedder.ts'

const ONE_FREE_CALL: ModelUsage = { calls: 1, inputTokens: 0, outputTokens: 0 }

/** The offline default: rules and vectors, no key, no network, no LLM. Its calls are counted and cost no tokens. */
export function createLocalProvider(): ModelProvider {
  return {
    name: 'local',
    isFree: true,
    readsPrompts: false,
    similarity: 'words',
    completionModel: 'rules',
    embeddingModel: LOCAL_EMBEDDING_MODEL,
    async complete(task, input, { signal }) {
      signal?.throwIfAborted()
      return { output: task.output.parse(task.rules(input)), usage: ONE_FREE_CALL }
    },
    async embed(texts, { signal }) {
      signal?.throwIfAborted()
      refuseUnembeddable(texts)
      return { vectors: texts.map(embedLocally), usage: ONE_FREE_CALL }
    },
  }
}
