/**
 * Creates an HTTP server of Node's. An `import` of `node:http` reads every name that it exports, `WebSocket` among them, and so loads Node's whole HTTP
 * client: 14 MB and 40 ms for each process that only answers a probe.
 */
export const createHttpServer = process.getBuiltinModule('node:http').createServer
