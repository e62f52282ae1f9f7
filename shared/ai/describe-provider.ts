import type { ModelProvider } from './model-provider.ts'

/** A provider in words; the demo, the doctor, the dashboard and the log all call it so. */
export function describeProvider({ name, completionModel, embeddingModel }: ModelProvider): string {
  return name === 'local' ? 'local rules and vectors, offline, no LLM' : `${completionModel}, ${embeddingModel.model}`
}
