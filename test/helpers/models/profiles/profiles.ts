import { anthropic } from './anthropic.ts'
import { azure } from './azure.ts'
import { deepseek } from './deepseek.ts'
import { gemini } from './gemini.ts'
import { groq } from './groq.ts'
import { llamaCpp } from './llama-cpp.ts'
import { lmStudio } from './lm-studio.ts'
import { minimax } from './minimax.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openrouter } from './openrouter.ts'
import type { ServerProfile } from './server-profile.ts'
import { vllm } from './vllm.ts'

/** Every server that the tests imitate. */
export const PROFILES: readonly ServerProfile[] = [
  ...[openai, azure, ollama, vllm, lmStudio, llamaCpp],
  ...[openrouter, groq, deepseek, gemini, anthropic, minimax],
]
