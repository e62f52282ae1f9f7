/** Owns the numbers of terms, by a table with open addresses: to sort 11,000,000 of them took twenty times as long, and a map holds large hashes as objects. */

const FIRST_SLOTS = 1_024

/** Hashes of terms, numbered as they come. */
export class TermTable {
  #slots = new Uint32Array(FIRST_SLOTS)
  #terms = new Uint32Array(FIRST_SLOTS / 2)
  #size = 0

  get size(): number {
    return this.#size
  }

  get byteLength(): number {
    return this.#slots.byteLength + this.#terms.byteLength
  }

  add(term: number): number {
    let slot = this.#slotOf(term)
    if (this.#slots[slot] === 0) {
      if (this.#size === this.#terms.length) {
        this.#grow()
        slot = this.#slotOf(term)
      }
      this.#terms[this.#size++] = term
      this.#slots[slot] = this.#size
    }
    return (this.#slots[slot] as number) - 1
  }

  find(term: number): number | undefined {
    const slot = this.#slots[this.#slotOf(term)] as number
    return slot === 0 ? undefined : slot - 1
  }

  /** Its slot, or the empty one where it belongs; half of them are empty. A slot holds the number of its term, plus one. */
  #slotOf(term: number): number {
    const last = this.#slots.length - 1
    for (let slot = (term ^ (term >>> 15)) & last; ; slot = (slot + 1) & last) {
      const number = this.#slots[slot] as number
      if (number === 0 || this.#terms[number - 1] === term) return slot
    }
  }

  #grow(): void {
    const terms = this.#terms
    this.#terms = new Uint32Array(terms.length * 2)
    this.#terms.set(terms)
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let number = 1; number <= this.#size; number++) this.#slots[this.#slotOf(terms[number - 1] as number)] = number
  }
}
