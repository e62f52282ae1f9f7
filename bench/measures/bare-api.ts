import { createServer } from 'node:http'
import express from 'express'
import { createRuntime } from '../../runtime.ts'
import { readConfig } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { runProcess } from '../../shared/processes/lifecycle.ts'
import { listen } from '../../shared/processes/listen.ts'

/** A door: the peer of the process `api`: a bare Express route over the same runtime, with no check of anything. */
await runProcess(async () => {
  const runtime = createRuntime(readConfig(process.env), { log: silentLog })
  await runtime.connect()
  const app = express().post('/search', express.json(), async (request, response) => {
    response.json(await runtime.memory.search(request.body))
  })
  const server = createServer(app)
  const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'api')
  return {
    ready: { url },
    async stop() {
      server.close()
      server.closeAllConnections()
      await runtime.disconnect()
    },
  }
})
