// What is suggested on a surface and no answer until somebody accepts it.

import type { Field } from './schema'
import type { Json } from './types'
import type { WordList } from './word-list'

/** A field whose spans a list of words suggests. */
export interface Suggesting {
  readonly field: Field
  readonly list: WordList
}

export interface Suggestion {
  /** The same for the same words at the same place. */
  readonly key: string
  readonly field: Field
  readonly label: string
  readonly words: string
  readonly value: Json
  readonly part?: string
}
