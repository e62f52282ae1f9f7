import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { AfterturnError } from '../errors.ts'
import { MAX_SECRET_KEYS, MIN_SECRET_KEY_CHARS, secretKeyFault, splitSecretKeys } from '../secret-keys.ts'

/**
 * Owns the keys that sign and seal. Guarantees: the newest key writes and every key of the ring reads; each label has keys of its own (HKDF-SHA256), so
 * what was made under one label is worth nothing under another; no key can be read back from a ring. Must not store or log what it opens.
 */
export type SecretRing = {
  /** HMAC-SHA256 of `data`, as `KEYID.MAC` in base64url (50 characters). */
  sign(label: string, data: string | Uint8Array): string
  /** Whether a signature was made by a key of this ring, under this label, over this data. Takes the same time for every wrong MAC. */
  verify(label: string, data: string | Uint8Array, signature: string): boolean
  /** Encrypts with AES-256-GCM under a key of its own; `associatedData` is not kept, and must be given again to open it. Adds 49 bytes. */
  seal(label: string, plain: string | Uint8Array, associatedData: string): Buffer
  /**
   * Decrypts.
   * @throws SEAL_KEY_UNKNOWN if no key of the ring sealed it
   * @throws SEAL_BROKEN if it was changed, cut, or sealed under another label or other associated data
   */
  open(label: string, sealed: Uint8Array, associatedData: string): Buffer
}

const FORMAT = 1
const KEY_ID_BYTES = 4
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const MAC_BYTES = 32
const KEY_BYTES = 32
const HEADER_BYTES = 1 + KEY_ID_BYTES + SALT_BYTES + NONCE_BYTES

type RingKey = { readonly id: Buffer; of(use: 'sign' | 'seal', label: string): Buffer }

/**
 * A ring of the keys of `SECRET_KEYS`.
 * @throws CONFIG_INVALID if they are not keys
 */
export function createSecretRing(secretKeys: string): SecretRing {
  const fault = secretKeyFault(secretKeys)
  if (fault !== undefined)
    throw new AfterturnError(
      'CONFIG_INVALID',
      `secretKeys: expected 1 to ${MAX_SECRET_KEYS} different keys of at least ${MIN_SECRET_KEY_CHARS} characters, got ${fault}; set SECRET_KEYS`,
    )
  const keys = splitSecretKeys(secretKeys).map(createRingKey)
  const [newest] = keys as [RingKey, ...RingKey[]]

  return {
    sign: (label, data) => `${newest.id.toString('base64url')}.${macOf(newest, label, data).toString('base64url')}`,
    verify(label, data, signature) {
      const [id = '', mac = '', ...rest] = signature.split('.', 3)
      const key = rest.length === 0 ? keys.find((one) => one.id.toString('base64url') === id) : undefined
      const given = Buffer.from(mac, 'base64url')
      // Only the one spelling that `sign` gives: a signature may be used as a key of its own.
      if (!key || given.length !== MAC_BYTES || given.toString('base64url') !== mac) return false
      return timingSafeEqual(given, macOf(key, label, data))
    },
    seal(label, plain, associatedData) {
      // A key for each message: random nonces alone would bound how often one key may seal.
      const salt = randomBytes(SALT_BYTES)
      const nonce = randomBytes(NONCE_BYTES)
      const header = Buffer.concat([Buffer.of(FORMAT), newest.id, salt, nonce])
      const cipher = createCipheriv('aes-256-gcm', messageKey(newest, label, salt), nonce)
      cipher.setAAD(Buffer.concat([header, Buffer.from(associatedData)]))
      return Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(label, sealed, associatedData) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] !== FORMAT) throw broken(label)
      const id = bytes.subarray(1, 1 + KEY_ID_BYTES)
      const key = keys.find((one) => one.id.equals(id))
      if (!key)
        throw new AfterturnError(
          'SEAL_KEY_UNKNOWN',
          `A sealed value (${label}) was sealed with a key that is not here.`,
        )
      const salt = bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES - NONCE_BYTES)
      const nonce = bytes.subarray(HEADER_BYTES - NONCE_BYTES, HEADER_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', messageKey(key, label, salt), nonce, {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(Buffer.concat([bytes.subarray(0, HEADER_BYTES), Buffer.from(associatedData)]))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()])
      } catch {
        throw broken(label)
      }
    },
  }
}

function createRingKey(secret: string): RingKey {
  const derived = new Map<string, Buffer>()
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync('sha256', secret, 'afterturn', info, bytes))
  return {
    id: derive('id', KEY_ID_BYTES),
    of(use, label) {
      const info = `${use}:${label}`
      const key = derived.get(info) ?? derive(info, KEY_BYTES)
      derived.set(info, key)
      return key
    },
  }
}

function macOf(key: RingKey, label: string, data: string | Uint8Array): Buffer {
  return createHmac('sha256', key.of('sign', label)).update(data).digest()
}

function messageKey(key: RingKey, label: string, salt: Buffer): Buffer {
  return createHmac('sha256', key.of('seal', label)).update(salt).digest()
}

function broken(label: string): AfterturnError {
  return new AfterturnError('SEAL_BROKEN', `A sealed value (${label}) was changed, cut, or sealed for another purpose.`)
}
