import zlib from 'node:zlib'

/** Zstandard of Node: taken from the module as a whole, so that an older Node reaches the message that says it is too old. */
export const { zstdCompressSync, zstdDecompress, zstdDecompressSync } = zlib
