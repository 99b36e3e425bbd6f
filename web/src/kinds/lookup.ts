// Looking entries of a vocabulary up: given by whoever knows the server and the project.

import { createContext } from 'react'
import type { Lookup } from '../engine/ports'

/** Null where there is no server, as in a preview. */
export const LookupContext = createContext<Lookup | null>(null)
