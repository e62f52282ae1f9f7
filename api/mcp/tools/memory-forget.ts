import { z } from 'zod'
import { forgetMemoryOperation } from '../../operations/memory/forget-memory.ts'
import { defineTool } from '../define-tool.ts'

export const memoryForgetTool = defineTool({
  name: 'memory_forget',
  description: 'End a memory that is no longer true. Ask the user first.',
  scope: 'memory:erase',
  isDestructive: true,
  input: z.strictObject({ memoryId: z.int().min(1) }),
  output: z.object({ forgotten: z.number() }),
  async run(call, { memoryId }) {
    await call(forgetMemoryOperation, { memoryId })
    return { data: { forgotten: memoryId }, text: `Memory ${memoryId} has ended; no search returns it.` }
  },
})
