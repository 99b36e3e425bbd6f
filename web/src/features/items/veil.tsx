// Covers in lists: which streams are veiled, told once for the whole page.

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { isVeiled, readSchema, type Stream } from '../../engine/schema'
import { Veil } from '../../ui/Veil'
import { m } from './messages'

const Streams = createContext<readonly Stream[]>([])

export function Veiling({ schema, children }: { readonly schema: unknown; readonly children: ReactNode }): ReactNode {
  const streams = useMemo(() => readSchema(schema).streams, [schema])
  return <Streams value={streams}>{children}</Streams>
}

interface Item {
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Whether a stream of an item is shown in lists only as a blur, and its words not at all. */
export function useIsVeiled(item: Item, stream: string): boolean {
  return isVeiled(useContext(Streams).find(({ key }) => key === stream), item.metadata)
}

/** A stream in the preview, covered until it is asked for. */
export function Covered({ item, stream, children }: { readonly item: Item; readonly stream: string; readonly children: ReactNode }): ReactNode {
  const veiled = useIsVeiled(item, stream)
  const [lifted, setLifted] = useState(false)
  return veiled && !lifted ? <Veil onLift={() => setLifted(true)} /> : children
}

/** What stands in a list for words that are covered. */
export function CoveredWords(): ReactNode {
  return <span className="t3">{m.covered}</span>
}
