/** The kinds of memory, in the order in which pages list them. */
export const MEMORY_KINDS = ['fact', 'preference', 'instruction', 'decision', 'task', 'event', 'relationship'] as const
export type MemoryKind = (typeof MEMORY_KINDS)[number]
