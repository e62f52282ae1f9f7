import { Redis } from 'ioredis'

export const COMMAND_TIMEOUT_MS = 250

/** A connection as the runtime's cache role has it: its commands answer or reject quickly. */
export function connectCache(url: string, commandTimeoutMs = COMMAND_TIMEOUT_MS): Redis {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    retryStrategy: () => 20,
  })
  client.on('error', () => undefined)
  return client
}

/** Settles when it can be used. Unlike `once` of node:events it waits on through the errors of attempts to connect. */
export function ready(client: Redis): Promise<void> {
  return new Promise((resolve) => client.once('ready', resolve))
}
