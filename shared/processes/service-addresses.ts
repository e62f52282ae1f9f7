import { readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDataDirectory } from './make-data-directory.ts'
import { takeOwnership } from './ownership.mjs'

/**
 * Owns `.data/services.json`: where a checkout's services are, for apps that are started beside them. Guarantees: one live process writes
 * it; it is whole or absent, and this user's only, for the addresses hold passwords. Only a killed writer leaves it behind.
 */

export const SERVICES_FILE = '.data/services.json'

/** The addresses that `npm run dev` writes there and that apps beside it find. */
export type ServiceAddresses = {
  readonly redisUrl: string
  readonly cacheRedisUrl?: string | undefined
  readonly databaseUrl: string
}

/** What the file says; nothing when there is none. A broken file counts as none: it is somebody else's. */
export function readServiceAddresses(file = SERVICES_FILE): Partial<ServiceAddresses> {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {}
  } catch {
    return {}
  }
}

/** The right to say where the services are. */
export type ServicesFile = {
  write(addresses: Partial<ServiceAddresses>): Promise<void>
  /** Removes the file and lets others write it. */
  release(): Promise<void>
  readonly heldBy?: undefined
}

/** Takes the file for this process, and removes what a dead one wrote; or says which process has it. */
export async function claimServicesFile(file = SERVICES_FILE): Promise<ServicesFile | { readonly heldBy: number }> {
  await makeDataDirectory(dirname(file))
  const ownership = await takeOwnership(`${file}.lock`)
  if (ownership.heldBy !== undefined) return ownership
  await rm(file, { force: true })
  let isReleased = false
  return {
    async write(addresses) {
      await rm(`${file}.new`, { force: true })
      await writeFile(`${file}.new`, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 })
      await rename(`${file}.new`, file)
    },
    async release() {
      if (isReleased) return
      isReleased = true
      await rm(file, { force: true })
      await ownership.release()
    },
  }
}
