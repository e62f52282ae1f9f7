import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

/** Runs one packaged Lua script on a connection. */
export type Script = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>

/** Reads a Lua script from its file. It is sent by its hash; whole only to a server that does not know it yet. */
export function loadScript(file: URL): Script {
  return load(file, (redis, command, ...args) => redis.call(command, ...args))
}

/** Reads a Lua script whose texts come back as bytes. */
export function loadBufferScript(file: URL): Script {
  return load(file, (redis, command, ...args) => redis.callBuffer(command, ...args))
}

type Call = (redis: Redis, command: 'evalsha' | 'eval', ...args: (string | number | Buffer)[]) => Promise<unknown>

function load(file: URL, call: Call): Script {
  const lua = readFileSync(file, 'utf8')
  const sha1 = createHash('sha1').update(lua).digest('hex')
  return async (redis, keys, args) => {
    try {
      return await call(redis, 'evalsha', sha1, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error
      return call(redis, 'eval', lua, keys.length, ...keys, ...args)
    }
  }
}
