import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ServiceAddresses } from './config.ts'

/** Owns `.data/services.json`: where `npm run dev` says which services it runs, and apps started beside it find them. */

export const SERVICES_FILE = '.data/services.json'

/** What the file says; nothing when there is none. A broken file counts as none: it is being written, or is somebody else's. */
export function readServiceAddresses(file = SERVICES_FILE): Partial<ServiceAddresses> {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {}
  } catch {
    return {}
  }
}

/** Writes the file for this user only: the addresses hold passwords. */
export async function writeServiceAddresses(addresses: Partial<ServiceAddresses>, file = SERVICES_FILE): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await rm(file, { force: true })
  await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`, { mode: 0o600 })
}

/** Removes the file, if it is still the one that names these services. */
export async function removeServiceAddresses(
  addresses: Pick<ServiceAddresses, 'databaseUrl'>,
  file = SERVICES_FILE,
): Promise<void> {
  if (readServiceAddresses(file).databaseUrl === addresses.databaseUrl) await rm(file, { force: true })
}
