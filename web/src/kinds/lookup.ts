// Looking entries of a vocabulary up: given by whoever knows the server and the project.

import { createContext } from 'react'
import type { VocabularyEntry } from '../engine/ports'

export type Lookup = (vocabulary: string, typed: string, signal: AbortSignal) => Promise<readonly VocabularyEntry[]>

/** Null where there is no server, as in a preview. */
export const LookupContext = createContext<Lookup | null>(null)
