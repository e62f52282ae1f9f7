/** Packs the type and bytes of a serializer: the length of the type, the type, the bytes. */
type Typed = [type: string, bytes: Uint8Array]

const LENGTH_BYTES = 4

export function packTyped([type, bytes]: Typed): Uint8Array {
  const name = Buffer.from(type)
  return Buffer.concat([Buffer.from([name.length]), name, bytes])
}

export function unpackTyped(packed: Uint8Array): Typed {
  const end = 1 + (packed[0] ?? 0)
  // A copy: the serializer may hand the bytes themselves to the app, which may change them.
  return [Buffer.from(packed.subarray(1, end)).toString(), Uint8Array.from(packed.subarray(end))]
}

/** Two values as one. */
export function joinTyped([first, second]: readonly [Typed, Typed]): Uint8Array {
  const packed = packTyped(first)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(packed.length)
  return Buffer.concat([length, packed, packTyped(second)])
}

export function splitTyped(joined: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const end = LENGTH_BYTES + Buffer.from(joined.buffer, joined.byteOffset, joined.length).readUInt32LE()
  return [joined.subarray(LENGTH_BYTES, end), joined.subarray(end)]
}
