import type { z } from 'zod'
import type { Scope } from '../../shared/access/scopes.ts'
import type { OperationInput } from '../operations/call-operation.ts'
import type { AnyOperation } from '../operations/define-operation.ts'

/** Owns what a tool is: a few operations as a model calls them. No tool takes an org or a user: the key or the environment says who calls. */

/** Calls an operation for whoever uses the tools; answers what travels, so that times are texts. Undefined fields are left out. */
export type CallOperation = <Output>(operation: AnyOperation, input: OperationInput) => Promise<Output>

/** `data` fits the tool's output; `text` is for a model, and holds foreign words as data only. */
type ToolAnswer<Output> = { readonly data: Output; readonly text: string }

type McpTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> = {
  /** With the prefix `memory_` or `code_`, so that names of several servers do not collide. */
  readonly name: string
  /** For a model, in every request of its host: as few tokens as can be. */
  readonly description: string
  readonly scope: Scope
  readonly isReadOnly?: true
  readonly isDestructive?: true
  readonly input: Input
  readonly output: Output
  readonly run: (call: CallOperation, input: z.output<Input>) => Promise<ToolAnswer<z.input<Output>>>
}

// biome-ignore lint/suspicious/noExplicitAny: the inputs of different tools have no other common type.
export type AnyTool = McpTool<any, any>

/** Checks the types of a tool. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: McpTool<Input, Output>,
): McpTool<Input, Output> {
  return tool
}
