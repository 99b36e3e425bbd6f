// The labeling screen as one thing that commands act on: the session, what is looked at, and which dialogs are open.

import type { Kinds, OpenPoint } from '../../engine/check'
import type { Clash, Command } from '../../engine/command'
import { clashes, rebound } from '../../engine/command'
import type { FieldKeys } from '../../engine/kind'
import { CodePoints } from '../../engine/codepoints'
import { hasPlace, idsOf } from '../../engine/links'
import { occurrences, type Ways } from '../../engine/occurrences'
import { attributesOf, type Field, type Label, type Schema } from '../../engine/schema'
import type { Session } from '../../engine/session'
import { Signal } from '../../engine/signal'
import type { SurfaceControls } from '../../engine/surface'
import { readTone, type Tone } from '../../engine/tone'
import { same } from '../../engine/same'
import type { Annotation, Id, Json } from '../../engine/types'
import { type CurrentLabel, type LayerMode, type Snap, View } from '../../engine/view'
import type { Work } from '../../engine/work'
import { attributeKeys, itemKeys } from './field-keys'
import { fittingLink, hintsFor } from './linking'
import { m } from './messages'

export type DialogName = 'palette' | 'keys' | 'skip' | 'recent' | 'labels'

/** What a field may say of where marks begin and end. */
const SNAPS: Readonly<Record<string, Snap>> = { character: 'char', token: 'word', sentence: 'sentence' }

/** What of the view the header, the panel and the bars show. */
const SHOWN = ['tool', 'locked', 'pinned', 'layers', 'tone', 'grid', 'snaps', 'label', 'selection', 'hidden', 'shown', 'kept', 'guide', 'snap', 'pointed', 'brush', 'linking'] as const

/** Tools that make nothing. */
const NOT_DRAWING = new Set(['select', 'pan', 'ruler'])

export interface ScreenOptions {
  readonly kinds: Kinds
  readonly schema: Schema
  readonly projectTitle: string
  readonly projectId: Id
  /** Whose choices of how things are shown are kept; a preview keeps none. */
  readonly personId?: Id
  readonly onLeave: (() => void) | null
  readonly onFinished: ((item: Id) => void) | null
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly onKeys: ((keys: Readonly<Record<string, readonly string[]>>) => void) | null
  readonly make: (screen: Screen) => Command<Screen>[]
  /** Chords of tools and other fixed commands, which answers must not take. */
  readonly taken: (schema: Schema, kinds: Kinds) => ReadonlySet<string>
}

export interface Subject {
  readonly annotations: readonly Annotation[]
  readonly field: Field
  readonly attributes: readonly Field[]
  readonly keys: ReadonlyMap<string, FieldKeys>
}

export class Screen extends Signal {
  readonly view: View
  surface: SurfaceControls | null = null
  dialog: DialogName | null = null
  panelOpen = true
  /** What is open beside the rail. */
  popover: 'tone' | 'layers' | null = null
  /** What a refused submit pointed to. */
  points: readonly OpenPoint[] = []
  /** Why the open item cannot be shown; then it can only be skipped, unless it may still arrive. */
  broken: string | null = null
  private canSkipBroken = false
  filter = ''
  grouped: boolean | null = null
  readonly folded = new Set<string>()
  keys: Readonly<Record<string, readonly string[]>>
  readonly fieldKeys: ReadonlyMap<string, FieldKeys>
  private readonly taken: ReadonlySet<string>
  private clipboard: readonly Annotation[] = []
  private lastTool = ''
  private cachedCommands: { readonly for: string; readonly list: readonly Command<Screen>[] } | null = null

  constructor(
    readonly session: Session,
    readonly options: ScreenOptions,
  ) {
    super()
    this.keys = options.keys
    this.taken = options.taken(options.schema, options.kinds)
    this.fieldKeys = itemKeys(options.schema, options.kinds, this.taken)
    const first = this.drawnFields[0]
    this.view = new View()
    const snap = SNAPS[String(this.drawnFields.find((f) => this.kinds.get(f.kind)?.surface === 'text')?.options['snap'])]
    if (snap) this.view.set({ snap })
    this.view.set({ tool: first?.key ?? 'select', label: first?.labels[0] ? { field: first.key, label: first.labels[0].key } : null })
    this.panelOpen = (kept(`panel.${options.projectId}`) ?? (isNarrow() ? 'closed' : 'open')) !== 'closed'
    this.view.set({ tone: readTone(kept(this.keptTone)), grid: kept(`${this.keptTone}.grid`) === 'on' })
    let open: Work | null = null
    let phase = session.phase
    session.subscribe(() => {
      if (session.work !== open) this.opened((open = session.work))
      if (session.phase !== phase) {
        phase = session.phase
        // An item that was chosen by hand is handed in: whoever chose it says where to go on.
        if (phase === 'done' && session.lastItem !== null) options.onFinished?.(session.lastItem)
      }
      this.changed()
    })
    this.view.subscribe((was) => {
      // Zoom and hover change with every move of the hand; nothing but the surface shows them.
      if (SHOWN.some((key) => was[key] !== this.view.state[key])) this.changed()
      const { linking } = this.view.state
      if (linking === null || linking === was.linking) return
      if (linking.from !== null && linking.to !== null) this.endLink(linking.from, linking.to)
      else if (linking.from !== was.linking?.from) this.hint()
    })
  }

  get work(): Work | null {
    return this.session.work
  }

  get schema(): Schema {
    return this.options.schema
  }

  get kinds(): Kinds {
    return this.options.kinds
  }

  /** Fields that are drawn on a picture or marked in a text. */
  get drawnFields(): readonly Field[] {
    return this.schema.fields.filter((f) => f.labels.length > 0 && ['canvas', 'text'].includes(this.kinds.get(f.kind)?.surface ?? ''))
  }

  /** Fields of what is between annotations, such as relations. */
  get linkFields(): readonly Field[] {
    return this.schema.fields.filter((f) => this.kinds.get(f.kind)?.surface === 'link')
  }

  /** Fields whose annotations the panel lists. */
  get listedFields(): readonly Field[] {
    return [...this.drawnFields, ...this.linkFields]
  }

  get formFields(): readonly Field[] {
    return this.schema.fields.filter((f) => this.kinds.get(f.kind)?.surface === 'form')
  }

  /** Fields that are asked right under their stream; the panel has the others. */
  get fieldsUnder(): readonly Field[] {
    return this.formFields.filter((f) => isUnder(this.kinds, f))
  }

  get panelFields(): readonly Field[] {
    return this.formFields.filter((f) => !isUnder(this.kinds, f))
  }

  /** Every label of the screen in order, with the field it belongs to. */
  get labels(): readonly { readonly field: Field; readonly label: Label }[] {
    return this.listedFields.flatMap((field) => field.labels.map((label) => ({ field, label })))
  }

  get selected(): readonly Annotation[] {
    const { work } = this
    return work === null ? [] : [...this.view.state.selection].map((id) => work.store.get(id)).filter((a) => a !== null)
  }

  /** The one selected annotation with its field, attributes and their keys. */
  get single(): (Subject & { readonly annotation: Annotation }) | null {
    const { subject } = this
    const [annotation, ...more] = subject?.annotations ?? []
    return subject && annotation && more.length === 0 ? { ...subject, annotation } : null
  }

  /** What answers to attributes go to: everything selected, where it is of one field, and the attributes that all of it has. */
  get subject(): Subject | null {
    const { selected, kinds, work } = this
    const [first] = selected
    const field = first && work?.field(first.field)
    if (!first || !field || work === null || selected.some((a) => a.field !== first.field)) return null
    if (this.known?.selection === this.view.state.selection && this.known.version === work.store.version) return this.known.subject
    const labels = [...new Set(selected.map((a) => a.label))]
    const [own, ...others] = labels.map((label) => attributesOf(field, label))
    const attributes = (own ?? []).filter((a) => others.every((theirs) => theirs.some((b) => b.key === a.key && b.kind === a.kind)))
    const subject = { annotations: selected, field, attributes, keys: attributeKeys(attributes, selected, kinds, this.taken) }
    this.known = { selection: this.view.state.selection, version: work.store.version, subject }
    return subject
  }

  private known: { readonly selection: ReadonlySet<Id>; readonly version: number; readonly subject: Subject } | null = null

  /** Commands that exist now. They change only with the selection's attributes. */
  get commands(): readonly Command<Screen>[] {
    const { subject } = this
    const shape = `${subject?.field.key}/${subject?.attributes.map((a) => a.key)}/${subject?.annotations[0]?.label}/${[...(subject?.keys.keys() ?? [])]}/${JSON.stringify(this.keys)}`
    if (this.cachedCommands?.for !== shape) this.cachedCommands = { for: shape, list: rebound(this.options.make(this), this.keys) }
    return this.cachedCommands.list
  }

  get clashes(): readonly Clash<Screen>[] {
    return clashes(this.commands)
  }

  command(id: string): Command<Screen> | null {
    return this.commands.find((c) => c.id === id) ?? null
  }

  /** The first key of a command, as it is set now. */
  keyOf(id: string): string | null {
    return this.command(id)?.keys[0] ?? null
  }

  run(id: string): void {
    const command = this.command(id)
    if (command?.when(this)) command.run(this)
  }

  open(dialog: DialogName | null): void {
    this.dialog = dialog
    this.changed()
    if (dialog === null) this.surface?.focus()
  }

  setTool(tool: string): void {
    const was = this.view.state.tool
    if (!NOT_DRAWING.has(was)) this.lastTool = was
    const field = this.drawnFields.find((f) => f.key === tool)
    const kind = field && this.kinds.get(field.kind)
    // The brush in hand once more: what is painted next is a thing of its own.
    if (was === tool && kind?.surface === 'canvas' && kind.paint) this.view.select()
    const keepLabel = field === undefined || this.view.state.label?.field === field.key
    this.view.set({ tool, redrawn: null, ...(keepLabel ? {} : { label: field.labels[0] ? { field: field.key, label: field.labels[0].key } : null }) })
  }

  useLastTool(): void {
    const { tool } = this.view.state
    const drawing = !NOT_DRAWING.has(tool)
    this.setTool(drawing ? 'select' : this.lastTool || (this.drawnFields[0]?.key ?? 'select'))
  }

  /** What is drawn next takes the place of the selected shape or span, or is joined to it. */
  redraw(join: string | null = null): void {
    const { single } = this
    if (single === null || !this.drawnFields.includes(single.field)) return
    this.setTool(single.field.key)
    this.view.set({ redrawn: { id: single.annotation.id, join }, label: single.annotation.label === null ? this.view.state.label : { field: single.field.key, label: single.annotation.label } })
  }

  /** A link from the selected annotation to the one that is chosen next; between two selected ones, at once. */
  beginLink(label: CurrentLabel | null = null): void {
    const { work } = this
    if (work === null) return
    const [from, to] = this.selected.filter((a) => hasPlace(a, this.kinds)).map((a) => a.id)
    this.surface?.cancel()
    this.view.set({ linking: { from: from ?? null, to: to ?? null, label, hints: new Map(), refused: null } })
  }

  /** The other end is what is selected by now. */
  confirmLink(): void {
    const { linking } = this.view.state
    const [chosen] = this.selected
    if (linking === null || chosen === undefined || chosen.id === linking.from) return
    this.view.choose(chosen.id)
  }

  cancelLink(): void {
    this.view.set({ linking: null })
  }

  /** The words of the selected span elsewhere in its text, to be given its label all at once. */
  occurrences: ({ readonly id: Id } & Ways) | null = null

  findOccurrences(ways: Partial<Ways> = {}): void {
    const { single } = this
    const id = this.occurrences?.id ?? single?.annotation.id
    if (id === undefined) return
    this.occurrences = { whole: true, exact: false, ...this.occurrences, ...ways, id }
    this.changed()
  }

  closeOccurrences(): void {
    this.occurrences = null
    this.changed()
  }

  /** Where else the words stand and are not yet marked so, as values of the span's kind. */
  get occurring(): { readonly words: string; readonly values: readonly Json[] } {
    const { work, occurrences: asked } = this
    const annotation = asked && work?.store.get(asked.id)
    const field = annotation && work?.field(annotation.field)
    const kind = annotation && this.kinds.get(annotation.kind)
    const text = work?.texts[annotation?.on?.stream ?? field?.on ?? '']
    if (!work || !asked || !annotation || !field || kind?.surface !== 'text' || text === undefined || kind.check(annotation.value, field, {}).length > 0) return { words: '', values: [] }
    const points = new CodePoints(text)
    const [range] = kind.ranges(annotation.value)
    if (!range) return { words: '', values: [] }
    const words = text.slice(points.toUtf16(range[0]), points.toUtf16(range[1]))
    const there = new Set(work.store.list().filter((a) => a.field === field.key && a.label === annotation.label).map((a) => JSON.stringify(a.value)))
    const values = occurrences(text, words, asked).map(({ start, end }) => kind.fromSelection([points.fromUtf16(start), points.fromUtf16(end)]))
    return { words, values: values.filter((value) => !there.has(JSON.stringify(value))) }
  }

  labelOccurrences(): void {
    const { work, occurrences: asked } = this
    const annotation = asked && work?.store.get(asked.id)
    const field = annotation && work?.field(annotation.field)
    if (work && annotation && field) this.view.select(...work.addAll(field, annotation.label, this.occurring.values))
    this.closeOccurrences()
  }

  private endLink(from: Id, to: Id): void {
    const { work } = this
    const { linking } = this.view.state
    const [a, b] = [work?.store.get(from), work?.store.get(to)]
    if (!work || !linking || !a || !b) return this.cancelLink()
    const fitting = from === to ? null : fittingLink(this, a, b, linking.label)
    if (fitting === null) return this.view.set({ linking: { ...linking, to: null, refused: m.noRelation(this.nameOf(a), this.nameOf(b)) } })
    const known = work.store.list().find((one) => one.field === fitting.field.key && one.label === fitting.label && idsOf(one, this.kinds).join('\n') === [from, to].join('\n'))
    const id = known?.id ?? work.add(fitting.field, fitting.label, fitting.value)
    this.view.set({ linking: null, selection: new Set([id]) })
  }

  /** Letters for what can be the other end, where it is in sight. */
  private hint(): void {
    const { linking } = this.view.state
    if (linking !== null) this.view.set({ linking: { ...linking, hints: hintsFor(this, linking) } })
  }

  /** An annotation in a few words: "Drug 3". */
  nameOf(annotation: Annotation): string {
    const label = this.work?.field(annotation.field)?.labels.find((l) => l.key === annotation.label)
    return `${label?.title ?? annotation.label ?? annotation.field} ${this.work?.store.numberOf(annotation.id) ?? ''}`.trim()
  }

  /** Brings an annotation into sight; one that is between others, where it begins. */
  reveal(annotation: Annotation): void {
    this.surface?.reveal(idsOf(annotation, this.kinds)[0] ?? annotation.id)
  }

  /** Gives the selection this label, or makes it the one that is drawn next. */
  chooseLabel(field: Field, label: Label): void {
    const { work } = this
    if (this.paintsLabel(field, label)) return
    const fitting = this.selected.filter((a) => a.field === field.key).map((a) => a.id)
    if (this.kinds.get(field.kind)?.surface === 'link' && fitting.length === 0) return this.beginLink({ field: field.key, label: label.key })
    if (work && fitting.length > 0) work.relabel(fitting, field, label.key)
    if (this.kinds.get(field.kind)?.surface === 'link') return
    const onSurface = this.view.state.tool
    const tool = NOT_DRAWING.has(onSurface) || fitting.length > 0 ? onSurface : field.key
    this.view.set({ label: { field: field.key, label: label.key }, tool })
    if (fitting.length === 0 && this.surface?.marked()) this.surface.enter()
  }

  /** Where each label has one painted shape, a label is turned to, not given to another's shape. */
  private paintsLabel(field: Field, label: Label): boolean {
    const kind = this.kinds.get(field.kind)
    const { work } = this
    if (work === null || this.view.state.tool !== field.key || kind?.surface !== 'canvas' || !kind.paint?.isOnePerLabel(field)) return false
    const mine = work.store.list().find((a) => a.field === field.key && a.label === label.key)
    this.view.set({ label: { field: field.key, label: label.key }, selection: new Set(mine ? [mine.id] : []) })
    return true
  }

  /** The answer that everything selected has to an attribute; undefined where it differs or is missing. */
  attributeOf(key: string): Json | undefined {
    const [first, ...others] = this.subject?.annotations.map((a) => a.attributes?.[key]) ?? []
    return others.every((value) => same(value, first)) ? first : undefined
  }

  /** Gives everything selected this answer, in one step. */
  setAttribute(key: string, value: Json | undefined): void {
    this.work?.setAttribute(this.subject?.annotations.map((a) => a.id) ?? [], key, value)
  }

  /** How many answers are still open; counted once for each change. */
  get openCount(): number {
    const { work } = this
    if (work === null || work.isFinal || this.broken !== null) return 0
    if (this.counted?.work !== work || this.counted.version !== work.store.version) this.counted = { work, version: work.store.version, open: this.session.points().length }
    return this.counted.open
  }

  private counted: { readonly work: Work; readonly version: number; readonly open: number } | null = null

  submit(): void {
    if (this.work?.isFinal) return this.goOn()
    if (this.broken !== null) return this.canSkipBroken ? this.session.skip({ reason: 'broken', note: this.broken }) : undefined
    this.points = this.session.submit()
    const [first] = this.points
    if (first === undefined) return
    if (first.annotation !== null && first.annotation !== first.field) {
      this.view.select(first.annotation)
      const annotation = this.work?.store.get(first.annotation)
      if (annotation) this.reveal(annotation)
    }
    this.view.set({ pointed: first.attribute ?? first.field })
  }

  /** Leaves an answer that can only be looked at. */
  private goOn(): void {
    if (this.session.isQueue) void this.session.next()
    else this.options.onLeave?.()
  }

  setFilter(filter: string): void {
    this.filter = filter
    this.view.set({ kept: filter.trim() === '' || this.work === null ? null : new Set(this.work.store.list().filter((a) => this.fits(a, filter)).map((a) => a.id)) })
  }

  private fits(annotation: Annotation, filter: string): boolean {
    const { work } = this
    const label = this.labels.find(({ field, label: l }) => field.key === annotation.field && l.key === annotation.label)?.label.title ?? ''
    const words = [label, String(work?.store.numberOf(annotation.id)), ...Object.entries(annotation.attributes ?? {}).flatMap(([key, value]) => [key, String(value)])]
    return filter.toLowerCase().split(/\s+/).filter(Boolean).every((word) => words.some((w) => w.toLowerCase().includes(word)))
  }

  toggleHidden(ids: readonly Id[]): void {
    const hidden = new Set(this.view.state.hidden)
    const hide = ids.some((id) => !hidden.has(id))
    for (const id of ids) if (hide) hidden.add(id); else hidden.delete(id)
    this.view.set({ hidden })
  }

  /** Locks annotations, or pins them, unless all of them are so already. */
  toggle(what: 'locked' | 'pinned', ids: readonly Id[]): void {
    const all = new Set(this.view.state[what])
    const isOn = ids.every((id) => all.has(id))
    for (const id of ids) if (isOn) all.delete(id); else all.add(id)
    this.view.set({ [what]: all })
  }

  setTone(change: Partial<Tone>): void {
    const tone = { ...this.view.state.tone, ...change }
    keep(this.keptTone, JSON.stringify(tone))
    this.view.set({ tone })
  }

  toggleGrid(): void {
    const grid = !this.view.state.grid
    keep(`${this.keptTone}.grid`, grid ? 'on' : 'off')
    this.view.set({ grid })
  }

  private get keptTone(): string {
    return `tone.${this.options.projectId}.${this.options.personId ?? ''}`
  }

  setLayer(field: Field, mode: LayerMode): void {
    const layers = new Map(this.view.state.layers).set(field.key, mode)
    this.view.set({ layers, selection: new Set([...this.view.state.selection].filter((id) => this.view.fieldOf(id) !== field.key)) })
  }

  togglePopover(which: NonNullable<Screen['popover']> | null): void {
    this.popover = this.popover === which ? null : which
    this.changed()
  }

  /** All annotations of the groups that the selected ones belong to. */
  selectGroups(): void {
    const groups = new Set(this.selected.map((a) => a.group).filter((group) => group !== undefined))
    const all = this.work?.store.list().filter((a) => a.group !== undefined && groups.has(a.group)) ?? []
    this.view.select(...all.map((a) => a.id))
  }

  /** Nothing is open and nothing is coming: there is nothing to answer. */
  get isIdle(): boolean {
    return this.work === null && this.session.phase !== 'loading'
  }

  togglePanel(): void {
    this.panelOpen = !this.panelOpen
    keep(`panel.${this.options.projectId}`, this.panelOpen ? 'open' : 'closed')
    this.changed()
  }

  fold(section: string): void {
    if (!this.folded.delete(section)) this.folded.add(section)
    this.changed()
  }

  copy(): void {
    this.clipboard = this.selected
  }

  get canPaste(): boolean {
    return this.clipboard.length > 0
  }

  paste(): void {
    this.addCopies(this.clipboard, this.clipboard.some((a) => this.work?.store.get(a.id)))
  }

  duplicate(): void {
    this.addCopies(this.selected, true)
  }

  /** Copies of annotations; moved a little where they would lie exactly on those they come from. */
  private addCopies(annotations: readonly Annotation[], aside: boolean): void {
    const { work } = this
    if (work === null) return
    const ids = work.addCopies(annotations, (annotation) => {
      const kind = this.kinds.get(annotation.kind)
      const stream = annotation.on?.stream
      const facts = stream ? work.task.item.streams[stream]?.facts : undefined
      if (kind?.surface !== 'canvas' || !facts || !kind.isShape(annotation.value)) return annotation.value
      // On a smaller picture a shape from another one must not lie outside.
      return kind.moveBy(annotation.value, aside ? { x: 12, y: 12 } : { x: 0, y: 0 }, { width: facts.width ?? Infinity, height: facts.height ?? Infinity })
    })
    this.view.select(...ids)
  }

  /** The last item's answers on this one; what is there already stays. */
  repeat(): void {
    const { work } = this
    if (work === null) return
    const fresh = this.session.lastAnnotations.filter((a) => work.field(a.field)?.many || work.store.get(a.field) === null)
    work.addCopies(fresh)
  }

  /** Everything is in sight again. */
  showAll(): void {
    this.view.set({ hidden: new Set(), shown: 'filled', layers: new Map([...this.view.state.layers].filter(([, mode]) => mode !== 'hidden')) })
  }

  setKeys(keys: Readonly<Record<string, readonly string[]>>): void {
    this.keys = keys
    this.options.onKeys?.(keys)
    this.changed()
  }

  setBroken(reason: string | null, { canSkip }: { readonly canSkip: boolean } = { canSkip: false }): void {
    this.broken = reason
    this.canSkipBroken = canSkip
    this.changed()
  }

  private opened(work: Work | null): void {
    this.points = []
    this.broken = null
    this.occurrences = null
    this.filter = ''
    // An item whose answers are out of sight would look as if it had none.
    const shown = ['selected', 'none'].includes(this.view.state.shown) ? 'filled' : this.view.state.shown
    this.view.fieldOf = (id) => work?.store.get(id)?.field ?? null
    if (work !== null) work.allows = (id) => this.view.allows(id)
    this.view.set({ shown, redrawn: null, linking: null, selection: new Set(), hover: null, hidden: new Set(), locked: new Set(), pinned: new Set(), kept: null, pointed: null })
    work?.store.subscribe(() => {
      if (this.points.length > 0) this.points = this.session.points()
      this.changed()
    })
  }
}

function isUnder(kinds: Kinds, field: Field): boolean {
  const kind = kinds.get(field.kind)
  return kind?.surface === 'form' && field.on !== null && kind.isUnder?.(field) === true
}

/** Whether the panel would lie over the surface. */
function isNarrow(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(max-width: 760px)').matches
}

/** Small things that a person chose on this device. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(`karat.${key}`)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`karat.${key}`, value)
  } catch {
    // A browser that keeps nothing simply opens the panel the next time.
  }
}
