// Answers side by side in which words are marked: each is a text of its own, keys go to the one that was touched last.

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { letterOf, partTexts } from '../../engine/talk'
import { Sections } from '../text/sections'
import { TextSurface, type TextSurfaceProps } from '../text/TextSurface'
import { Blinded } from './CandidatesSurface'
import { m } from './messages'
import './talk.css'

interface MarkedAnswersProps extends Omit<TextSurfaceProps, 'text' | 'partHead' | 'head'> {
  readonly text: string
  /** What is asked of each answer. */
  readonly under: (key: string) => ReactNode
  readonly markOf: (key: string) => { readonly text: string; readonly best: boolean } | null
}

export function MarkedAnswers({ text, label, markOf, under, onControls, announce, ...rest }: MarkedAnswersProps): ReactNode {
  const { work } = rest
  const parts = useMemo(() => (partTexts('candidates', text) ?? []).map((part) => ({ key: part.part, sections: new Sections([part]) })), [text])
  const controls = useRef(new Map<string, SurfaceControls>())
  const [active, setActive] = useState(parts[0]?.key ?? '')
  const now = useRef(active)
  const go = useCallback((key: string): void => {
    now.current = key
    setActive(key)
  }, [])
  useEffect(() => {
    const own = (): SurfaceControls | undefined => controls.current.get(now.current)
    const first = [...controls.current.values()][0]
    const step = (by: number): void => {
      const next = parts[parts.findIndex(({ key }) => key === now.current) + by]
      if (next === undefined) return
      go(next.key)
      own()?.focus()
    }
    if (first === undefined) return
    onControls({
      ...first,
      focus: () => own()?.focus(),
      fit: () => own()?.fit(),
      zoomToSelection: () => own()?.zoomToSelection() ?? false,
      step: (by) => own()?.step(by),
      inSight: () => [...controls.current.values()].flatMap((one) => one.inSight()),
      reveal: (id) => {
        const part = work.store.get(id)?.on?.part
        if (part !== undefined && controls.current.has(part)) go(part)
        own()?.reveal(id)
      },
      // Without a caret, left and right go from answer to answer.
      arrow: (by, held) => (by.x !== 0 && !held.alt && own()?.hasCaret?.() === false ? step(by.x) : own()?.arrow(by, held)),
      enter: () => own()?.enter(),
      cancel: () => own()?.cancel() ?? false,
      pointer: () => own()?.pointer() ?? { x: 0, y: 0 },
      marked: () => own()?.marked() ?? null,
    })
    return () => onControls(null)
  }, [parts, work, onControls, go])
  return (
    <div className="answers-surface">
      <div className="answers" role="group" aria-label={label}>
        {parts.map(({ key, sections }, i) => (
          <section key={key} className={['answer', markOf(key)?.best ? 'best' : '', key === active ? 'active' : ''].filter(Boolean).join(' ')} aria-label={m.answer(letterOf(i))} onPointerDownCapture={() => go(key)} onFocusCapture={() => go(key)}>
            <header>
              <span className="letter" aria-hidden="true">{letterOf(i)}</span>
              <h2>{m.answer(letterOf(i))}</h2>
              {markOf(key) && <span className="place">{markOf(key)?.text}</span>}
            </header>
            <div className="answer-body marked">
              <OneText {...rest} part={key} text={sections} label={m.answer(letterOf(i))} head={null} announce="" known={controls.current} />
            </div>
            {under(key)}
          </section>
        ))}
      </div>
      <Blinded />
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}

function OneText({ part, known, ...rest }: Omit<TextSurfaceProps, 'onControls'> & { readonly part: string; readonly known: Map<string, SurfaceControls> }): ReactNode {
  const take = useCallback((controls: SurfaceControls | null) => void (controls === null ? known.delete(part) : known.set(part, controls)), [known, part])
  return <TextSurface {...rest} onControls={take} />
}
