/** What keyword search of memories compares is what keyword search of code does. */
export { termsOf } from '../ai/local/terms.ts'
