import type { RequestListener, Server, ServerOptions } from 'node:http'

/**
 * Creates an HTTP server of Node's. An `import` of `node:http` reads every name that it exports, `WebSocket` among them, and so loads Node's whole HTTP
 * client: 14 MB and 40 ms for each process that only answers a probe. Processes that serve nothing load none of it.
 */
export function createHttpServer(options: ServerOptions, listener: RequestListener): Server {
  return process.getBuiltinModule('node:http').createServer(options, listener)
}
