import type { Database } from '../../store/database.ts'
import { type FramePlace, readCheckpointFrames } from '../../store/states/checkpoint-rows.ts'
import { type ChainEnd, readChain } from '../chain.ts'
import type { KeptEnds } from '../kept-ends.ts'

/** Reads the bytes at places of chains, from this process where it has them: what stands at a place never changes. */
export type FrameReader = {
  read(places: readonly FramePlace[]): Promise<(place: FramePlace) => ChainEnd>
  /** The end of a chain takes the place of the one before it. */
  keep(thread: number, end: ChainEnd): void
}

const textOf = ({ thread, chain, position }: FramePlace) => `${thread}/${chain}/${position}`

export function createFrameReader(database: Database, kept: KeptEnds<undefined>, maxRawBytes: number): FrameReader {
  const keep = (thread: number, end: ChainEnd) => {
    kept.set(textOf({ ...end, thread }), { end, seen: undefined })
    kept.delete(textOf({ ...end, thread, position: end.position - 1 }))
  }
  return {
    keep,
    async read(places) {
      const ends = new Map<string, ChainEnd>()
      const missing: FramePlace[] = []
      for (const place of new Map(places.map((one) => [textOf(one), one])).values()) {
        const end = kept.get(textOf(place))?.end
        if (end) ends.set(textOf(place), end)
        else missing.push(place)
      }
      const frames = Map.groupBy(
        await readCheckpointFrames(database, missing),
        ({ thread, chain }) => `${thread}/${chain}`,
      )
      for (const place of missing) {
        // One chain may be asked for up to several places; the longest list holds the others.
        const ofChain = frames.get(`${place.thread}/${place.chain}`) ?? []
        const upTo = new Map(
          ofChain.filter(({ position }) => position <= place.position).map((one) => [one.position, one]),
        )
        const end = readChain(place.chain, [...upTo.values()], maxRawBytes)
        ends.set(textOf(place), end)
        if (end.position === place.position) kept.set(textOf(place), { end, seen: undefined })
      }
      return (place) => ends.get(textOf(place)) as ChainEnd
    },
  }
}
