import { findSecrets } from './find-secrets.ts'

/** Whether a sentence holds a secret or says what one is: it must not become a memory. */
export function statesSecret(sentence: string): boolean {
  return findSecrets(sentence).length > 0
}
