import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * Owns the form of an API key: `aft_ID_SECRET_CHECKSUM`. The prefix and the checksum let scanners of leaked secrets find keys without false alarms.
 * Guarantees: the secret has 256 random bits, so its plain SHA-256 is enough to store.
 */

const PREFIX = 'aft'
const ID_LENGTH = 12
const SECRET_BYTES = 32
const SECRET_LENGTH = 43
const CHECKSUM_LENGTH = 6
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY = /^aft_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/

/** A key that was just made: its text is shown once. */
type NewKey = { readonly id: string; readonly text: string; readonly secretHash: Buffer }

export function createKeyText(): NewKey {
  const id = base62(randomBytes(SECRET_BYTES), ID_LENGTH)
  const secret = base62(randomBytes(SECRET_BYTES), SECRET_LENGTH)
  const body = `${PREFIX}_${id}_${secret}`
  return { id, text: `${body}_${checksum(body)}`, secretHash: hashSecret(secret) }
}

/** The id and the hash of the secret of a key; undefined for what is none. */
export function readKeyText(text: string): { readonly id: string; readonly secretHash: Buffer } | undefined {
  const [, id, secret, sum] = KEY.exec(text) ?? []
  if (id === undefined || secret === undefined || sum !== checksum(`${PREFIX}_${id}_${secret}`)) return undefined
  return { id, secretHash: hashSecret(secret) }
}

/** Whether two hashes are the same, in a time that does not depend on where they differ. */
export function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function checksum(body: string): string {
  return base62(crc32(body), CHECKSUM_LENGTH)
}

/** The last `length` digits of a number in base 62. */
function base62(value: Buffer | number, length: number): string {
  let rest = typeof value === 'number' ? BigInt(value) : BigInt(`0x${value.toString('hex')}`)
  let text = ''
  for (let index = 0; index < length; index++) {
    text = DIGITS[Number(rest % 62n)] + text
    rest /= 62n
  }
  return text
}
