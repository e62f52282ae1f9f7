/** A door: `afterturn/ai-sdk`. Memory for models of the AI SDK, over the runtime or a client of the API. */
export { memoryMiddleware } from './memory-middleware.ts'
export type { MemoryMiddlewareOptions, MemoryOf } from './middleware-options.ts'
