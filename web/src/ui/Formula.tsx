// A formula within a text: its source until the typesetter is here, and where it cannot be set.

import { type ReactNode, useEffect, useRef, useState } from 'react'

type Typeset = (text: string, display: boolean) => Element | null

/** Loaded with the first formula of a page. */
let typesetter: Typeset | null = null
const load = async (): Promise<Typeset> => (typesetter ??= (await import('./typeset')).typeset)

export function Formula({ text, display }: { readonly text: string; readonly display: boolean }): ReactNode {
  const host = useRef<HTMLElement>(null)
  const [isSet, setSet] = useState(false)
  useEffect(() => {
    let here = true
    const set = (typeset: Typeset): void => {
      const made = here ? typeset(text, display) : null
      if (made !== null) host.current?.replaceChildren(made)
      if (here) setSet(made !== null)
    }
    if (typesetter !== null) set(typesetter)
    else void load().then(set, () => undefined) // without a connection the source stands there until the page is opened again
    return () => {
      here = false
    }
  }, [text, display])
  const source = isSet ? null : display ? <pre className="math" dir="ltr">{text}</pre> : <span className="math" dir="ltr">{text}</span>
  const take = (element: HTMLElement | null): void => {
    host.current = element
  }
  return (
    <>
      {source}
      {display ? <div ref={take} className="set" hidden={!isSet} /> : <span ref={take} className="set" hidden={!isSet} />}
    </>
  )
}
