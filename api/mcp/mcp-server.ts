import { McpServer } from '@modelcontextprotocol/server'
import type { Scope } from '../../shared/access/scopes.ts'
import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { asCatalogued } from '../http/problem.ts'
import { listReposOperation } from '../operations/repos/list-repos.ts'
import type { AnyTool, CallOperation } from './define-tool.ts'
import { codeReadTool } from './tools/code-read.ts'
import { codeSearchTool } from './tools/code-search.ts'
import { codeStatusTool } from './tools/code-status.ts'
import { codeSymbolsTool } from './tools/code-symbols.ts'
import { memoryForgetTool } from './tools/memory-forget.ts'
import { memoryHistoryTool } from './tools/memory-history.ts'
import { memoryRecordTool } from './tools/memory-record.ts'
import { memorySearchTool } from './tools/memory-search.ts'

/**
 * Owns the tools of the Model Context Protocol. Guarantees: a caller sees the tools that its scopes allow; every call ends within `DEADLINE_MS`, since
 * clients give up soon after; a failure has a code and a remedy that a model can act on, and never a stack.
 */

/** In the order of their names, as hosts' prompt caches want them. */
export const TOOLS: readonly AnyTool[] = [
  codeReadTool,
  codeSearchTool,
  codeStatusTool,
  codeSymbolsTool,
  memoryForgetTool,
  memoryHistoryTool,
  memoryRecordTool,
  memorySearchTool,
]

const DEADLINE_MS = 8_000
/** How long a host may keep the list of tools. */
const LIST_TTL_MS = 300_000

type McpCaller = { readonly scopes: readonly Scope[]; readonly call: CallOperation }

/** A server for one caller. */
export function createMcpServer({ scopes, call }: McpCaller): McpServer {
  const server = new McpServer(
    { name: 'afterturn', version: '1' },
    { capabilities: { tools: {} }, cacheHints: { 'tools/list': { ttlMs: LIST_TTL_MS, cacheScope: 'private' } } },
  )
  for (const tool of TOOLS.filter(({ scope }) => scopes.includes(scope))) register(server, tool, call)
  return server
}

function register(server: McpServer, tool: AnyTool, call: CallOperation): void {
  const { name, description, input, output, isReadOnly = false, isDestructive = false } = tool
  const annotations = {
    readOnlyHint: isReadOnly,
    ...(!isReadOnly && { destructiveHint: isDestructive, idempotentHint: true }),
  }
  server.registerTool(
    name,
    { description, inputSchema: input, outputSchema: output, annotations },
    async (given: unknown) => {
      try {
        const { data, text } = await withinDeadline(tool.run(call, given), DEADLINE_MS, () => late(name, isReadOnly))
        return { structuredContent: data, content: [{ type: 'text' as const, text }] }
      } catch (error) {
        return { isError: true, content: [{ type: 'text' as const, text: await describeFailure(error, call) }] }
      }
    },
  )
}

function late(name: string, isReadOnly: boolean): AfterturnError {
  const recorded = isReadOnly ? 'no' : 'unknown'
  return new AfterturnError('REQUEST_TIMEOUT', `${name} did not end within ${DEADLINE_MS} ms.`, { recorded })
}

async function describeFailure(error: unknown, call: CallOperation): Promise<string> {
  const { code, message, remedy, recorded } = asCatalogued(error)
  const known = isAfterturnError(error, 'REPO_UNKNOWN')
    ? await call<{ repos: { repoId: string }[] }>(listReposOperation, {}).then(
        ({ repos }) => ` Indexed repositories: ${JSON.stringify(repos.map(({ repoId }) => repoId))}.`,
        () => '',
      )
    : ''
  return `${code}: ${message}${known} ${remedy}${recorded === undefined ? '' : ` Recorded: ${recorded}.`}`
}
