/** Between the beginning of the Gregorian calendar and of 1970, in the unit of UUIDs: 100 ns. */
const GREGORIAN_OFFSET = 0x01b21dd213814000n
const UNITS_PER_MS = 10_000n
const UUID6 = /^([0-9a-f]{8})-([0-9a-f]{4})-6([0-9a-f]{3})-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** When a checkpoint was made, by its id; undefined for an id that is no UUID of version 6. */
export function timeOfId(id: string | undefined): Date | undefined {
  const [, high, middle, low] = UUID6.exec(id ?? '') ?? []
  if (high === undefined) return undefined
  const units = BigInt(`0x${high}${middle}${low}`)
  return new Date(Number((units - GREGORIAN_OFFSET) / UNITS_PER_MS))
}
