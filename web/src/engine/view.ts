// What a person looks at and holds: tool, label, selection, what is hidden. Never stored on the server.

import type { Guide } from './kind'
import { PLAIN, type Tone } from './tone'
import type { Id } from './types'

export interface CurrentLabel {
  readonly field: string
  readonly label: string
}

export type Snap = 'char' | 'word' | 'sentence'

/** How much of the annotations is drawn: with fill and name, without fill, the line only, only the selected, none. */
export type Shown = 'filled' | 'outlined' | 'bare' | 'selected' | 'none'

export const SHOWN: readonly Shown[] = ['filled', 'outlined', 'bare', 'selected', 'none']

/** What can be done with the shapes of one field: all, looking and choosing, looking, or nothing at all. */
export type LayerMode = 'editable' | 'selectable' | 'visible' | 'hidden'

export const LAYER_MODES: readonly LayerMode[] = ['editable', 'selectable', 'visible', 'hidden']

/** What is drawn is a line that cuts the annotation, see `Slice`. */
export const SLICE = 'slice'

export interface Redrawn {
  readonly id: Id
  /** The `Join` by which what is drawn is added to the annotation, instead of taking its place; or `SLICE`. */
  readonly join: string | null
}

/** How shapes are painted, where the tool paints. */
export interface PaintState {
  /** The `Way` beside the brush, `alike` for what has the colour that is clicked, or `pieces` for superpixels; null is the brush. */
  readonly way: string | null
  readonly erases: boolean
  /** Across, in pixels of the picture: of the brush, or of a superpixel. */
  readonly size: number
}

/** A link that is being made: from where, as what, and where to once that is chosen. */
export interface Linking {
  /** Null as long as the first end is not chosen. */
  readonly from: Id | null
  readonly to: Id | null
  /** The label it gets where that fits; null: the first that fits. */
  readonly label: CurrentLabel | null
  /** Keys by which the other end can be chosen. */
  readonly hints: ReadonlyMap<Id, string>
  /** Why the last choice did not do. */
  readonly refused: string | null
}

export interface ViewState {
  /** `select`, `pan`, `ruler`, or the key of the field that is drawn. */
  readonly tool: string
  readonly label: CurrentLabel | null
  readonly selection: ReadonlySet<Id>
  readonly hover: Id | null
  readonly hidden: ReadonlySet<Id>
  /** Neither chosen by the pointer nor changed. */
  readonly locked: ReadonlySet<Id>
  /** Kept in its place; its corners can be moved. */
  readonly pinned: ReadonlySet<Id>
  /** By field; a field that is not named is editable. */
  readonly layers: ReadonlyMap<string, LayerMode>
  readonly shown: Shown
  /** The annotation for which the next shape is drawn. */
  readonly redrawn: Redrawn | null
  /** What comes next in what is drawn. */
  readonly guide: Guide | null
  readonly linking: Linking | null
  /** Whether points are drawn to corners and edges nearby. */
  readonly snaps: boolean
  /** Whether two points on the border of one shape nearby take the corners between along. */
  readonly borders: boolean
  /** Objects that the panel's filter leaves; null without a filter. Others are dimmed. */
  readonly kept: ReadonlySet<Id> | null
  readonly snap: Snap
  /** The attribute or field that the keyboard is at, and that a refused submit points to. */
  readonly pointed: string | null
  /** The part of a stream that the keyboard is at, such as a step of a trace. */
  readonly here: string | null
  readonly brush: PaintState
  readonly zoom: number
  /** Whether a picture in tiles is shown so small that its colours cannot be looked into. */
  readonly isTooFar: boolean
  /** How the picture is shown, and whether a grid lies over it. */
  readonly tone: Tone
  readonly grid: boolean
}

const START: ViewState = { tool: 'select', label: null, selection: new Set(), hover: null, hidden: new Set(), locked: new Set(), pinned: new Set(), layers: new Map(), shown: 'filled', redrawn: null, linking: null, guide: null, snaps: true, borders: false, kept: null, snap: 'word', pointed: null, here: null, brush: { way: null, erases: false, size: 32 }, zoom: 1, isTooFar: false, tone: PLAIN, grid: false }

/** An observable record; listeners hear what it was before. */
export class View {
  private readonly listeners = new Set<(was: ViewState) => void>()

  constructor(private current: ViewState = START) {}

  get state(): ViewState {
    return this.current
  }

  set(change: Partial<ViewState>): void {
    const was = this.current
    this.current = { ...was, ...change }
    for (const listener of this.listeners) listener(was)
  }

  select(...ids: readonly Id[]): void {
    this.set({ selection: new Set(ids) })
  }

  /** The pointer chose an annotation: as an end of the link that is being made, else to be selected. */
  choose(id: Id): void {
    const { linking } = this.current
    if (linking === null) this.select(id)
    else this.set({ linking: { ...linking, ...(linking.from === null ? { from: id } : { to: id }), refused: null } })
  }

  toggle(id: Id): void {
    const selection = new Set(this.current.selection)
    if (!selection.delete(id)) selection.add(id)
    this.set({ selection })
  }

  /** The one selected annotation, if it is one. */
  get single(): Id | null {
    const [first, ...more] = this.current.selection
    return first !== undefined && more.length === 0 ? first : null
  }

  /** Whether an annotation is out of sight: hidden by itself, or with all others. */
  hides(id: Id): boolean {
    const { hidden, shown, selection } = this.current
    return shown === 'none' || hidden.has(id) || (shown === 'selected' && !selection.has(id)) || this.layerOf(id) === 'hidden'
  }

  /** Whether a pointer can choose an annotation. */
  takes(id: Id): boolean {
    return !this.hides(id) && !this.current.locked.has(id) && this.layerOf(id) !== 'visible'
  }

  /** Whether an annotation may be changed or removed. */
  allows(id: Id): boolean {
    return !this.current.locked.has(id) && this.layerOf(id) === 'editable'
  }

  /** The field of an annotation of the open item; whoever opens one says how it is found. */
  fieldOf: (id: Id) => string | null = () => null

  private layerOf(id: Id): LayerMode {
    const { layers } = this.current
    return (layers.size > 0 ? layers.get(this.fieldOf(id) ?? '') : undefined) ?? 'editable'
  }

  subscribe(listener: (was: ViewState) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
