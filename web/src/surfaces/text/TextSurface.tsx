// A text to read and to mark: blocks in sight are laid out, spans are drawn on them, pointer and keyboard mark ranges.

import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Kinds } from '../../engine/check'
import { clustersOf, isClustered } from '../../engine/clusters'
import { labelOf } from '../../engine/schema'
import type { Annotation, Id, StyleMark } from '../../engine/types'
import type { Suggesting } from '../../engine/suggesting'
import type { SurfaceControls } from '../../engine/surface'
import type { View } from '../../engine/view'
import type { Work } from '../../engine/work'
import { TextDocument } from './document'
import { Marker } from './marker'
import { type Block, hasLongLine } from '../../ui/blocks'
import { levelsFor, moreHeight } from './arcs'
import { depthOf, LinkLayer } from './LinkLayer'
import { commentOf } from './comments'
import { Guesses } from './guesses'
import { type BlockLook, paintBlock } from './paint'
import type { Sections } from './sections'
import { dress, type Dress } from './styles'
import { SpanComment } from './SpanComment'
import { wrapping } from './wrap'
import './text.css'

export interface TextSurfaceProps {
  readonly work: Work
  readonly view: View
  readonly kinds: Kinds
  readonly stream: string
  /** One text, or the texts of parts of the stream. */
  readonly text: string | Sections
  /** Stands before the text of a part, such as who says it. */
  readonly partHead?: (part: string) => ReactNode
  /** Above the text: what is known about it. */
  readonly head: ReactNode
  /** Styles of a text that was written in markup. */
  readonly marks?: readonly StyleMark[] | undefined
  readonly label: string
  readonly announce: string
  readonly disabled?: boolean
  /** Lists of words that suggest spans, what of it was passed over, and which one is asked about. */
  readonly suggests?: readonly Suggesting[]
  readonly passed?: ReadonlySet<string>
  readonly asked?: string | null
  readonly onAsk?: (key: string) => void
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

const NO_LISTS: readonly Suggesting[] = []
const NONE_PASSED: ReadonlySet<string> = new Set()
const LINE = { linked: 58, marked: 45, plain: 26 }
/** What the topmost arc needs above the first line. */
const HEAD = 16
const WIDTH = 784
const LETTER = 7.6

export function TextSurface(props: TextSurfaceProps): ReactNode {
  const { work, view, kinds, stream, text, partHead, head, label, announce, disabled, onControls, onActivity, suggests = NO_LISTS, passed = NONE_PASSED, asked = null, onAsk, marks } = props
  const host = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const doc = useMemo(() => new TextDocument(text, work, stream, kinds, marks), [text, work, stream, kinds, marks])
  const isMarked = work.schema.fields.some((f) => f.on === stream && kinds.get(f.kind)?.surface === 'text')
  const isLinked = isMarked && work.schema.fields.some((f) => kinds.get(f.kind)?.surface === 'link')
  const { version } = work.store
  const levels = useMemo(() => levelsFor(isLinked ? depthOf(doc, version) : 0), [isLinked, doc, version])
  const more = moreHeight(levels)
  const line = isLinked ? LINE.linked + more : isMarked ? LINE.marked : LINE.plain
  const { blocks } = doc
  const item = work.task.item.id
  // The same function as long as the blocks are the same: another one has every block of a long text measured anew.
  const getItemKey = useCallback((i: number) => `${item}/${blocks[i]?.start}-${blocks[i]?.end}`, [item, blocks])
  const virtual = useVirtualizer({
    count: doc.blocks.length,
    getScrollElement: () => host.current,
    estimateSize: (i) => {
      const block = doc.blocks[i]
      return Math.max(1, Math.ceil(((block?.end ?? 0) - (block?.start ?? 0)) / (WIDTH / LETTER))) * line
    },
    overscan: 3,
    paddingEnd: 120,
    scrollMargin: 0,
    getItemKey,
  })
  const marker = useMemo(() => new Marker(doc, view), [doc, view])
  const guesses = useMemo(() => (disabled ? null : new Guesses(doc, suggests.filter(({ field }) => field.on === stream))), [doc, suggests, stream, disabled])
  marker.guesses = (index) => {
    const block = doc.blocks[index]
    return block && guesses ? guesses.in(block, passed) : []
  }
  marker.onAsk = onAsk ?? (() => undefined)
  marker.scrollTo = (block) => virtual.scrollToIndex(block, { align: 'auto' })
  useSyncExternalStore((told) => marker.subscribe(told), () => marker.version)
  useWrapping(doc, body, marker)
  useEffect(() => {
    const stopStore = work.store.subscribe(({ changes }) => {
      for (const { id } of changes) doc.update(id)
      const gone = [...view.state.selection].filter((id) => work.store.get(id) === null)
      if (gone.length > 0) view.select(...[...view.state.selection].filter((id) => !gone.includes(id)))
      marker.changed()
    })
    const stopView = view.subscribe((was) => was.selection !== view.state.selection || was.hidden !== view.state.hidden || was.shown !== view.state.shown || was.kept !== view.state.kept || was.label !== view.state.label || was.linking !== view.state.linking ? marker.changed() : undefined)
    return () => {
      stopStore()
      stopView()
    }
  }, [doc, marker, view, work])
  useEffect(() => {
    if (host.current === null) return
    const stop = marker.attach(host.current, { disabled: disabled === true || !isMarked, onActivity })
    onControls(marker.controls)
    return () => {
      onControls(null)
      stop()
    }
  }, [marker, disabled, isMarked, onActivity, onControls])

  return (
    <div className={['text-surface', isMarked ? 'marked' : '', isLinked ? 'linked' : ''].filter(Boolean).join(' ')} style={more > 0 ? { ['--line' as string]: `${line}px`, ['--over' as string]: `${more / 2 + HEAD}px` } : undefined}>
      <div ref={host} className="text-host" tabIndex={0} role="textbox" aria-readonly="true" aria-multiline="true" aria-label={label}>
        <div className="text-page">
          <div className="text-head">{head}</div>
          <div ref={body} className="text-body" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const block = doc.blocks[item.index]
              return block ? (
                <div key={item.key} data-index={item.index} ref={virtual.measureElement} className="text-row" style={{ transform: `translateY(${item.start}px)` }}>
                  {partHead && partHeadOf(doc, block, partHead)}
                  <BlockView index={item.index} text={doc.textOf(block)} direction={block.direction ?? 'auto'} style={doc.styles.of(block)} look={lookOf(doc, marker, view, item.index, asked)} />
                </div>
              ) : null
            })}
            <SpanComment marker={marker} work={work} body={body} />
            {isLinked && <LinkLayer doc={doc} view={view} body={body} first={virtual.getVirtualItems()[0]?.index ?? 0} last={virtual.getVirtualItems().at(-1)?.index ?? 0} levels={levels} />}
          </div>
        </div>
      </div>
      <p className="hidden" role="status" aria-live="polite">
        {announce}
      </p>
    </div>
  )
}

function partHeadOf(doc: TextDocument, block: Block, head: (part: string) => ReactNode): ReactNode {
  const section = doc.sectionOf(block)
  return section && head(section.part)
}

/** Cuts lines that are longer than a block where they wrap, whenever they wrap elsewhere: nobody sees the seams. */
function useWrapping(doc: TextDocument, body: { readonly current: HTMLElement | null }, marker: Marker): void {
  useLayoutEffect(() => {
    const { current } = body
    if (current === null || !hasLongLine(doc.blocks)) return
    let width = 0
    const cut = (): void => {
      width = current.clientWidth
      doc.cut(wrapping(current, doc.styles))
      marker.changed()
    }
    cut()
    const watcher = new ResizeObserver(() => current.clientWidth !== width && cut())
    watcher.observe(current)
    window.addEventListener('resize', cut) // zooming the page rounds letters to other widths
    if (document.fonts.status === 'loading') void document.fonts.ready.then(() => current.isConnected && cut())
    return () => {
      watcher.disconnect()
      window.removeEventListener('resize', cut)
    }
  }, [doc, body, marker])
}

/** One block: its text, and a layer on which spans are drawn after it was laid out. */
const BlockView = memo(
  function BlockView({ index, text, direction, style, look }: { index: number; text: string; direction: 'ltr' | 'rtl' | 'auto'; style: Dress; look: BlockLook }): ReactNode {
    const words = useRef<HTMLParagraphElement>(null)
    const layer = useRef<HTMLDivElement>(null)
    const shown = useRef(look)
    useLayoutEffect(() => {
      if (words.current) dress(words.current, text, style)
    }, [text, style])
    useLayoutEffect(() => {
      const [own, on] = [words.current, layer.current]
      if (own === null || on === null) return
      shown.current = look
      paintBlock(on, own, look)
    }, [text, style, look])
    const isBare = look.spans.length === 0 && look.guesses.length === 0 && look.marked === null && look.caret === null
    useLayoutEffect(() => {
      const [own, on] = [words.current, layer.current]
      if (own === null || on === null || isBare) return
      // An observer tells of a size as soon as it is asked, too: then nothing has changed since.
      let size = `${own.clientWidth} ${own.clientHeight}`
      const watcher = new ResizeObserver(() => {
        const now = `${own.clientWidth} ${own.clientHeight}`
        if (now !== size) paintBlock(on, own, shown.current)
        size = now
      })
      watcher.observe(own)
      return () => watcher.disconnect()
    }, [text, style, isBare])
    return (
      <div className="text-block" data-block={index}>
        <div ref={layer} className="text-layer" />
        <p ref={words} className="text-words" dir={direction} />
      </div>
    )
  },
  (a, b) => a.index === b.index && a.text === b.text && a.direction === b.direction && a.style === b.style && JSON.stringify(a.look) === JSON.stringify(b.look),
)

/** A span with a comment has its number beside its name: the list at the side has it too. */
function titleOf(doc: TextDocument, id: Id, title: string): string {
  return commentOf(doc.work, id) === null ? title : `${doc.work.store.numberOf(id)} ${title}`
}

/** The cluster of a span that is put into one, by its number. */
function clusterOf({ work }: TextDocument, annotation: Annotation, view: View): BlockLook['spans'][number]['cluster'] {
  const field = work.field(annotation.field)
  const cluster = field && annotation.group !== undefined && isClustered(work, field) ? clustersOf(work, field).byId.get(annotation.group) : undefined
  return cluster ? { number: cluster.number, lit: [...view.state.selection].some((id) => work.store.get(id)?.group === cluster.id) } : null
}

function lookOf(doc: TextDocument, marker: Marker, view: View, index: number, asked: string | null): BlockLook {
  const block = doc.blocks[index]
  if (!block) return { spans: [], guesses: [], marked: null, caret: null }
  const { selection, shown, kept, linking } = view.state
  const spans = doc.between(block.start, block.end).flatMap((piece) => {
    const annotation = doc.work.store.get(piece.id)
    if (!annotation || view.hides(piece.id)) return []
    const field = doc.work.field(annotation.field)
    const label = field && labelOf(field, annotation.label)
    return [{
      id: piece.id,
      start: Math.max(piece.start, block.start) - block.start,
      end: Math.min(piece.end, block.end) - block.start,
      level: doc.level(piece.id),
      index: label?.index ?? null,
      title: titleOf(doc, annotation.id, label?.title ?? annotation.label ?? ''),
      cluster: clusterOf(doc, annotation, view),
      isFilled: shown === 'filled' || selection.has(piece.id),
      isNamed: piece.start >= block.start && shown !== 'bare',
      selected: selection.has(piece.id),
      dim: kept !== null && !kept.has(piece.id),
      hint: piece.start >= block.start ? (linking?.hints.get(piece.id) ?? null) : null,
      begins: linking?.from === piece.id,
    }]
  })
  const { range, caret } = marker
  const marked = range && range.end > block.start && range.start < block.end ? { start: Math.max(0, range.start - block.start), end: Math.min(range.end, block.end) - block.start } : null
  const here = caret !== null && doc.blockAt(caret) === index && caret <= block.end ? caret - block.start : null
  const guesses = view.state.shown === 'none' ? [] : marker.guesses(index).map((guess) => ({ start: guess.start - block.start, end: Math.min(guess.end, block.end) - block.start, index: guess.index, asked: guess.key === asked }))
  return { spans, guesses, marked, caret: here }
}
