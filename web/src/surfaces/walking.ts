// Walking through the parts of what is read: the one where the keyboard is, and how it is brought into sight.

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

export interface Walk {
  /** The place of the part where the keyboard is, to show. */
  readonly at: number
  /** The same as it is this moment, for what is called later than it is drawn. */
  readonly now: { readonly current: number }
  /** To a place, or to the end that lies nearest; it is brought into sight. */
  readonly go: (place: number) => void
  /** To a part that is in sight already, because it was pressed. */
  readonly take: (place: number) => void
}

interface Walked {
  /** The parts' keys in their order; the same array as long as they are the same. */
  readonly keys: readonly string[]
  /** The part that the fields turned to: it is followed. */
  readonly part: string | null
  readonly onPart: ((part: string) => void) | undefined
  /** Bring a place into sight. */
  readonly reveal: (place: number) => void
}

export function useWalk({ keys, part, onPart, reveal }: Walked): Walk {
  const [at, setAt] = useState(0)
  const now = useRef(0)
  const tell = useLatest(onPart)
  const show = useLatest(reveal)
  const take = useCallback((place: number) => {
    now.current = Math.max(0, Math.min(keys.length - 1, place))
    setAt(now.current)
    const key = keys[now.current]
    if (key !== undefined) tell.current?.(key)
  }, [keys, tell])
  const go = useCallback((place: number) => {
    take(place)
    show.current(now.current)
  }, [take, show])
  useEffect(() => {
    const place = part === null ? -1 : keys.indexOf(part)
    if (place >= 0 && place !== now.current) go(place)
  }, [part, keys, go])
  return { at, now, go, take }
}

/** The last one given, for effects that shall not begin anew with each. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}
