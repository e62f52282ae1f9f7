import { isIP } from 'node:net'

/** Owns the form of TRUSTED_PROXIES. */

/** Whether a text is an address, or a range in CIDR form. */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** The ranges, as Express takes them for its `trust proxy`. */
export function splitTrustedProxies(trustedProxies: string | undefined): string[] {
  return trustedProxies?.split(',').map((range) => range.trim()) ?? []
}
