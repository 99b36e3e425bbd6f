// A document: its pages one under another, to draw on and to mark words in.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Kinds } from '../../engine/check'
import { type DocumentLayer, layerOf, wordsAddress } from '../../engine/pages'
import type { Pins } from '../../engine/pins'
import type { SurfaceControls } from '../../engine/surface'
import type { View } from '../../engine/view'
import type { Work } from '../../engine/work'
import { fetchText, type PictureError } from '../canvas/images'
import { Pages } from './Pages'
import { controlsOf } from './steering'
import '../canvas/canvas.css'
import './pages.css'

export interface PagesSurfaceProps {
  readonly work: Work
  readonly view: View
  readonly kinds: Kinds
  readonly stream: string
  readonly url: string
  readonly label: string
  readonly pins: Pins
  readonly announce: string
  readonly disabled?: boolean
  readonly bar: ReactNode
  readonly loading: ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onBroken: (error: PictureError) => void
  readonly onActivity: () => void
}

export function PagesSurface(props: PagesSurfaceProps): ReactNode {
  const { work, view, kinds, stream, url, pins, label, announce, disabled = false, bar, loading, onControls, onBroken, onActivity } = props
  const scroller = useRef<HTMLDivElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const space = useRef<HTMLDivElement>(null)
  const barHost = useRef<HTMLDivElement>(null)
  const [layer, setLayer] = useState<DocumentLayer | null>(null)
  const [at, setAt] = useState(1)

  useEffect(() => {
    let here = true
    fetchText(wordsAddress(url)).then(
      (json) => here && setLayer(layerOf(json)),
      (error: PictureError) => here && onBroken(error),
    )
    return () => {
      here = false
    }
  }, [url, onBroken])

  useEffect(() => {
    if (layer === null || scroller.current === null || pane.current === null || space.current === null) return
    const pages = new Pages({ scroller: scroller.current, pane: pane.current, space: space.current, bar: barHost, work, view, kinds, stream, url, layer, disabled, pins, onActivity, onBroken })
    onControls(controlsOf(pages))
    const stop = pages.subscribe(() => setAt(pages.active + 1))
    return () => {
      onControls(null)
      stop()
      pages.end()
    }
  }, [layer, work, view, kinds, stream, url, pins, disabled, onControls, onBroken, onActivity])

  const count = layer?.pages.length ?? 0
  return (
    <div className="pages-surface">
      {/* The whole area is one control: Tab walks through what lies on the pages, arrows through their words, Esc leaves it. */}
      <div ref={scroller} className="pages-host" role="application" tabIndex={0} aria-label={label} aria-roledescription="document">
        <div ref={pane} className="pages-view">
          <div ref={barHost} className="canvas-bar">
            {bar}
          </div>
        </div>
        <div ref={space} />
      </div>
      {layer === null && loading}
      {count > 1 && <span className="tag pages-number" aria-hidden="true">{at} / {count}</span>}
      <p className="hidden" role="status" aria-live="polite">
        {announce}
      </p>
    </div>
  )
}
