// A formula within a text: its source until it is near the screen and the typesetter is here, and where it cannot be set.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { whenInSight } from './in-sight'

type Typeset = (text: string, display: boolean) => Element | null

/** Loaded with the first formula of a page. */
let typesetter: Typeset | null = null
const load = async (): Promise<Typeset> => (typesetter ??= (await import('./typeset')).typeset)

export function Formula({ text, display }: { readonly text: string; readonly display: boolean }): ReactNode {
  const host = useRef<HTMLElement>(null)
  const written = useRef<HTMLElement>(null)
  /** The formula that stands there set; another one is its source again until it is set. */
  const [isSet, setSet] = useState<string | null>(null)
  const name = `${display} ${text}`
  useEffect(() => {
    if (written.current === null) return
    let here = true
    const set = (typeset: Typeset): void => {
      const made = here ? typeset(text, display) : null
      if (made === null) return
      host.current?.replaceChildren(made)
      setSet(name)
    }
    const stop = whenInSight(written.current, () => {
      if (typesetter !== null) set(typesetter)
      else void load().then(set, () => undefined) // without a connection the source stands there until the page is opened again
    })
    return () => {
      here = false
      stop()
    }
  }, [name, text, display])
  const take = (element: HTMLElement | null): void => {
    host.current = element
  }
  const from = (element: HTMLElement | null): void => {
    written.current = element
  }
  const hidden = isSet !== name
  const source = hidden && (display ? <pre ref={from} className="math" dir="ltr">{text}</pre> : <span ref={from} className="math" dir="ltr">{text}</span>)
  return (
    <>
      {source}
      {display ? <div ref={take} className="set" hidden={hidden} /> : <span ref={take} className="set" hidden={hidden} />}
    </>
  )
}
